import { type RouteConfigEntry, route } from '@react-router/dev/routes'

const own = (area: string): RouteConfigEntry[] => [
  route(`${area}/learners`, 'routes/learning/learners.tsx', { id: `${area}-learners` }),
  route(`${area}/learners/:registrationId`, 'routes/learning/learner-minutes.tsx', { id: `${area}-learner-minutes` }),
]
const marking = (area: string): RouteConfigEntry =>
  route(`${area}/assignments/:id`, 'routes/learning/submission.tsx', { id: `${area}-submission` })

/** Pages of online learning in the workspaces. */
export const learningWorkspaces: RouteConfigEntry[] = [
  route('my/courses', 'routes/learning/courses.tsx'),
  route('my/courses/start/:courseId', 'routes/learning/start.tsx'),
  route('my/courses/:registrationId', 'routes/learning/course.tsx'),
  route('my/courses/:registrationId/items/:itemId', 'routes/learning/lesson.tsx'),
  route('my/courses/:registrationId/exams/:itemId', 'routes/learning/exam.tsx'),
  route('my/courses/:registrationId/minutes', 'routes/learning/minutes.tsx'),
  route('my/attempts/:attemptId', 'routes/learning/attempt.tsx'),
  ...['provider', 'enterprise', 'office'].flatMap(own),
  ...['provider', 'enterprise'].map(marking),
]

export const learningFiles: RouteConfigEntry[] = [
  route('my/viewing', 'routes/learning/viewing.ts'),
  route('my/attempts/:attemptId/answers', 'routes/learning/answers.ts'),
]
