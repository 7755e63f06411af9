const part = encodeURIComponent

/** Addresses of mentors' hours and open seats. */
export const exchangePaths = {
  sharing: (industry?: string) => (industry ? `/sharing?${new URLSearchParams({ industry })}` : '/sharing'),
  ownSharing: (area: string) => `/${area}/sharing`,
  openSeats: (area: string) => `/${area}/open-seats`,
  mentoring: () => '/my/mentoring',
  /** Where the code on the wall leads: `c` is the code, `h` the note that it was read in time. */
  sharingSignIn: (id: string, given: { c?: string; h?: string } = {}) => {
    const asked = new URLSearchParams(given).toString()
    return `/sharing/${part(id)}/sign-in${asked ? `?${asked}` : ''}`
  },
  sharingCode: (id: string) => `/sharing/${part(id)}/code`,
  sharingList: (id: string) => `/sharing/${part(id)}/list.pdf`,
  sharingSheet: (id: string) => `/sharing/sheets/${part(id)}`,
  sharingYear: (year: number) => `/office/sharing/year.xlsx?year=${year}`,
  officeSharing: (year?: number) => (year ? `/office/sharing?year=${year}` : '/office/sharing'),
} as const
