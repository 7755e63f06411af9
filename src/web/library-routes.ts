import { type RouteConfigEntry, route } from '@react-router/dev/routes'

/** Pages of the resource library, by the layout they stand in. */
export const libraryPortal: RouteConfigEntry[] = [
  route('library', 'routes/library/catalogue.tsx'),
  route('library/standard', 'routes/library/standard.tsx'),
  route('library/courses/:id', 'routes/library/public-course.tsx'),
  route('library/courses/:id/complaint', 'routes/library/complain.tsx'),
  route('library/complaints/answer', 'routes/library/complaint-answer.tsx'),
]

const own = (area: string): RouteConfigEntry[] => {
  const page = (path: string, file: string) =>
    route(`${area}/library${path}`, `routes/library/${file}.tsx`, { id: `${area}-library-${file}` })
  return [
    page('', 'courses'),
    page('/new', 'course-new'),
    page('/import', 'course-import'),
    page('/files', 'files'),
    page('/files/:mediaId', 'file'),
    page('/courses/:courseId', 'course'),
    page('/courses/:courseId/edit', 'course-edit'),
    page('/courses/:courseId/add', 'item-new'),
    page('/courses/:courseId/items/:itemId', 'item-edit'),
    page('/courses/:courseId/packages', 'packages'),
    page('/courses/:courseId/packages/:packageId', 'package'),
    page('/courses/:courseId/packages/:packageId/learners', 'package-learners'),
    page('/courses/:courseId/questions', 'questions'),
    page('/courses/:courseId/questions/:questionId', 'question'),
    page('/courses/:courseId/submit', 'submit'),
    page('/courses/:courseId/withdraw', 'withdraw'),
    page('/courses/:courseId/versions/:number', 'version'),
  ]
}

export const libraryWorkspaces: RouteConfigEntry[] = [
  ...own('provider'),
  ...own('enterprise'),
  route('office/library', 'routes/office/library.tsx'),
  route('office/library/rounds/:id', 'routes/office/library-round.tsx'),
  route('office/library/courses/:id', 'routes/office/library-course.tsx'),
  route('office/library/packages/:id', 'routes/office/library-package.tsx'),
  route('office/library/complaints/:id', 'routes/office/library-complaint.tsx'),
]

export const libraryFiles: RouteConfigEntry[] = [
  route('library/media/:id', 'routes/library/media.ts'),
  route('library/pictures/:id', 'routes/library/picture.ts'),
  route('library/captions/:id', 'routes/library/captions.ts'),
  route('library/questions-template.xlsx', 'routes/library/question-template.ts'),
  ...['provider', 'enterprise'].map((area) =>
    route(`${area}/library/courses/:courseId/export.zip`, 'routes/library/export.ts', { id: `${area}-library-export` }),
  ),
]
