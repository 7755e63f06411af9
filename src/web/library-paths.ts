const part = encodeURIComponent
type Values = Record<string, string | number | undefined>

function query(values: Values): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}

/** Addresses of the resource library. */
export const libraryPaths = {
  library: (filter: Values = {}) => `/library${query(filter)}`,
  libraryStandard: () => '/library/standard',
  libraryCourse: (id: string) => `/library/courses/${part(id)}`,
  libraryComplain: (id: string) => `/library/courses/${part(id)}/complaint`,
  libraryAnswer: () => '/library/complaints/answer',
  libraryMedia: (id: string) => `/library/media/${part(id)}`,
  questionPicture: (id: string) => `/library/pictures/${part(id)}`,
  libraryCaptions: (id: string) => `/library/captions/${part(id)}`,
  /** Where uploads are sent in pieces (tus). */
  libraryUploads: () => '/library/uploads',
  questionTemplate: () => '/library/questions-template.xlsx',

  /** An organisation's own courses, in its workspace. */
  courses: (area: string) => `/${area}/library`,
  newCourse: (area: string) => `/${area}/library/new`,
  importCourse: (area: string) => `/${area}/library/import`,
  courseFiles: (area: string) => `/${area}/library/files`,
  courseMedia: (area: string, id: string) => `/${area}/library/files/${part(id)}`,
  course: (area: string, id: string, version?: number) => `/${area}/library/courses/${part(id)}${query({ version })}`,
  editCourse: (area: string, id: string) => `/${area}/library/courses/${part(id)}/edit`,
  addItem: (area: string, id: string, kind?: string) => `/${area}/library/courses/${part(id)}/add${query({ kind })}`,
  packages: (area: string, id: string) => `/${area}/library/courses/${part(id)}/packages`,
  package: (area: string, id: string, packageId: string, unit?: string) =>
    `/${area}/library/courses/${part(id)}/packages/${part(packageId)}${query({ unit })}`,
  packageLearners: (area: string, id: string, packageId: string) =>
    `/${area}/library/courses/${part(id)}/packages/${part(packageId)}/learners`,
  editItem: (area: string, id: string, item: string) => `/${area}/library/courses/${part(id)}/items/${part(item)}`,
  questions: (area: string, id: string) => `/${area}/library/courses/${part(id)}/questions`,
  question: (area: string, id: string, question: string) =>
    `/${area}/library/courses/${part(id)}/questions/${part(question)}`,
  submitCourse: (area: string, id: string) => `/${area}/library/courses/${part(id)}/submit`,
  withdrawCourse: (area: string, id: string) => `/${area}/library/courses/${part(id)}/withdraw`,
  courseVersion: (area: string, id: string, version: number) =>
    `/${area}/library/courses/${part(id)}/versions/${version}`,
  courseArchive: (area: string, id: string, version?: number) =>
    `/${area}/library/courses/${part(id)}/export.zip${query({ version })}`,

  /** The office's desk and the reviewers'. */
  libraryDesk: (filter: Values = {}) => `/office/library${query(filter)}`,
  libraryRound: (id: string) => `/office/library/rounds/${part(id)}`,
  officePackage: (id: string, unit?: string) => `/office/library/packages/${part(id)}${query({ unit })}`,
  officeCourse: (id: string) => `/office/library/courses/${part(id)}`,
  courseComplaint: (id: string) => `/office/library/complaints/${part(id)}`,
} as const
