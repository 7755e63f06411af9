const part = encodeURIComponent

/** Addresses of skill standards. */
export const standardsPaths = {
  standards: () => '/standards',
  commentAnswer: () => '/standards/answer',
  standard: (id: string) => `/standards/${part(id)}`,
  standardPaper: (id: string) => `/standards/${part(id)}/paper`,
  ownStandards: (area: string) => `/${area}/standards`,
  standardDesk: (area: string, id: string) => `/${area}/standards/${part(id)}`,
} as const
