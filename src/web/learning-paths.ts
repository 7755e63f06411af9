const part = encodeURIComponent

/** Addresses of online learning. */
export const learningPaths = {
  myCourses: () => '/my/courses',
  /** Where a course of the library is begun. */
  startCourse: (courseId: string) => `/my/courses/start/${part(courseId)}`,
  myCourse: (registrationId: string) => `/my/courses/${part(registrationId)}`,
  lesson: (registrationId: string, itemId: string) => `/my/courses/${part(registrationId)}/items/${part(itemId)}`,
  exam: (registrationId: string, itemId: string) => `/my/courses/${part(registrationId)}/exams/${part(itemId)}`,
  attempt: (attemptId: string) => `/my/attempts/${part(attemptId)}`,
  /** Where a paper sends its answers as they are given. */
  attemptAnswers: (attemptId: string) => `/my/attempts/${part(attemptId)}/answers`,
  /** Every stretch of a day with its verdict. */
  myMinutes: (registrationId: string, on?: string) =>
    `/my/courses/${part(registrationId)}/minutes${on ? `?on=${part(on)}` : ''}`,
  /** Where a player sends its heartbeats. */
  viewing: () => '/my/viewing',
  lessonMedia: (mediaId: string) => `/library/media/${part(mediaId)}`,
  lessonCaptions: (id: string) => `/library/captions/${part(id)}`,

  /** Who learns an organisation's courses, in its workspace or the office's. */
  learners: (area: string) => `/${area}/learners`,
  learnerMinutes: (area: string, registrationId: string, on?: string) =>
    `/${area}/learners/${part(registrationId)}${on ? `?on=${part(on)}` : ''}`,
  submission: (area: string, id: string) => `/${area}/assignments/${part(id)}`,
} as const
