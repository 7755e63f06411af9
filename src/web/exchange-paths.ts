const part = encodeURIComponent

/** Addresses of mentors' hours and open seats. */
export const exchangePaths = {
  sharing: (industry?: string) => (industry ? `/sharing?${new URLSearchParams({ industry })}` : '/sharing'),
  ownSharing: (area: string) => `/${area}/sharing`,
  openSeats: (area: string) => `/${area}/open-seats`,
  mentoring: () => '/my/mentoring',
  sharingSignIn: (id: string) => `/my/sharing/${part(id)}`,
  officeSharing: (year?: number) => (year ? `/office/sharing?year=${year}` : '/office/sharing'),
} as const
