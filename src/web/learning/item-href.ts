import { paths } from '../paths.ts'

/** Where an item of one's course is learnt, sat or handed in. */
export const itemHref = (registrationId: string, item: { itemId: string; kind: string }): string => {
  if (item.kind === 'exam') return paths.exam(registrationId, item.itemId)
  if (item.kind === 'package') return paths.myPackage(registrationId, item.itemId)
  if (item.kind === 'lti') return paths.toolLesson(registrationId, item.itemId)
  return paths.lesson(registrationId, item.itemId)
}
