const part = encodeURIComponent
type Values = Record<string, string | number | undefined>

function query(values: Values): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}

/** Addresses of titles and appointments. */
export const recognitionPaths = {
  titles: () => '/titles',
  titleCall: (id: string) => `/titles/calls/${part(id)}`,
  titleList: (id: string) => `/titles/publicity/${part(id)}`,
  titleObjection: (rowId: string) => `/titles/objections/${part(rowId)}`,
  titleAnswer: () => '/titles/answer',
  titleRegister: (filter: Values = {}) => `/titles/register${query(filter)}`,
  titleHolder: (number: string, on?: string) => `/titles/register/${part(number)}${query({ on })}`,
  titleMaterial: (id: string) => `/titles/materials/${part(id)}`,
  titleLetter: (id: string, as?: 'docx') => `/titles/letters/${part(id)}${query({ as })}`,
  titleNotice: (applicationId: string, as?: 'docx') => `/titles/notices/${part(applicationId)}${query({ as })}`,
  titleReferral: (id: string, as?: 'docx') => `/titles/referrals/${part(id)}${query({ as })}`,

  /** One's own: an organisation's, or a person's under `my`. */
  ownTitles: (area: string) => `/${area}/titles`,
  startTitle: (area: string, callId: string) => `/${area}/titles/calls/${part(callId)}`,
  ownTitle: (area: string, id: string) => `/${area}/titles/applications/${part(id)}`,
  keepTitle: (area: string, id: string) => `/${area}/titles/applications/${part(id)}/keep`,

  ownCard: (id: string) => `/my/titles/cards/${part(id)}`,

  titleDesk: (filter: Values = {}) => `/office/titles${query(filter)}`,
  titleCalls: () => '/office/titles/calls',
  newTitleCall: (scheme?: string) => `/office/titles/calls/new${query({ scheme })}`,
  officeTitleCall: (id: string) => `/office/titles/calls/${part(id)}`,
  officeTitle: (id: string) => `/office/titles/applications/${part(id)}`,
  titlePanel: (id: string) => `/office/titles/panels/${part(id)}`,
  titleExperts: () => '/office/titles/experts',
  officeTitleObjections: (filter: Values = {}) => `/office/titles/objections${query(filter)}`,
  officeTitleObjection: (id: string) => `/office/titles/objections/${part(id)}`,
  officeHolders: (filter: Values = {}) => `/office/titles/holders${query(filter)}`,
  officeHolder: (id: string) => `/office/titles/holders/${part(id)}`,

  titleVisit: (id: string) => `/office/titles/visits/${part(id)}`,
  visitFile: (id: string) => `/titles/visit-files/${part(id)}`,
  titleSchemes: () => '/office/titles/schemes',
  titleScheme: (code: string, view = 'edit') =>
    `/office/titles/schemes/${part(code)}${query({ view: view === 'edit' ? undefined : view })}`,
  titleSchemePart: (code: string, partId: string, place: Values = {}) =>
    `/office/titles/schemes/${part(code)}/parts/${part(partId)}${query(place)}`,
  titleSchemeFile: (code: string) => `/office/titles/schemes/${part(code)}/file`,

  titleScoring: () => '/office/titles/scoring',
  titleScoringPanel: (id: string) => `/office/titles/scoring/${part(id)}`,
  titleBlankSheet: (panelId: string) => `/office/titles/scoring/${part(panelId)}/blank`,
  titleSheet: (applicationId: string) => `/office/titles/sheets/${part(applicationId)}`,
} as const
