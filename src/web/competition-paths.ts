const part = encodeURIComponent
type Values = Record<string, string | undefined>

function query(values: Values): string {
  const given = Object.entries(values).filter((one): one is [string, string] => !!one[1])
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

/** Addresses of skills competitions. */
export const competitionPaths = {
  competitions: () => '/competitions',
  competition: (id: string) => `/competitions/${part(id)}`,
  scoreboard: (id: string, view: Values = {}) => `/competitions/${part(id)}/board${query(view)}`,
  resultList: (id: string) => `/competitions/lists/${part(id)}`,
  resultObjection: (rowId: string) => `/competitions/objections/${part(rowId)}`,
  resultAnswer: () => '/competitions/answer',
  awardCheck: (number?: string) => `/competitions/awards${query({ number })}`,
  awardCertificate: (id: string) => `/competitions/certificates/${part(id)}`,

  /** One's own: an organisation's, or a person's under `my`. */
  ownCompetitions: (area: string) => `/${area}/competitions`,
  newCompetition: (area: string) => `/${area}/competitions/new`,
  hostedCompetition: (area: string, id: string) => `/${area}/competitions/hosted/${part(id)}`,
  hostedRound: (area: string, id: string) => `/${area}/competitions/rounds/${part(id)}`,
  markTemplate: (roundId: string) => `/competitions/rounds/${part(roundId)}/template.xlsx`,
  enterCompetition: (area: string, id: string) => `/${area}/competitions/enter/${part(id)}`,
  ownEntry: (area: string, id: string) => `/${area}/competitions/entries/${part(id)}`,

  competitionDesk: (view?: string) => `/office/competitions${query({ view })}`,
  officeCompetition: (id: string) => `/office/competitions/${part(id)}`,
  officeRound: (id: string) => `/office/competitions/rounds/${part(id)}`,
  judging: () => '/office/competitions/judging',
  judgingRound: (id: string, code?: string) => `/office/competitions/judging/${part(id)}${query({ code })}`,
  officeResultObjections: (filter: Values = {}) => `/office/competitions/objections${query(filter)}`,
  officeResultObjection: (id: string) => `/office/competitions/objections/${part(id)}`,
  competitionCounts: () => '/office/competitions/counts',
} as const
