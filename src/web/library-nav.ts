import { libraryPaths } from './library-paths.ts'
import type { NavGroup } from './nav.ts'

/** What a contributor of the resource library does. */
export const libraryNav = (area: 'provider' | 'enterprise'): NavGroup => ({
  title: '资源库',
  items: [
    { href: libraryPaths.courses(area), label: '线上课程', icon: 'book', permission: 'library.contribute' },
    { href: libraryPaths.courseFiles(area), label: '课程文件', icon: 'upload', permission: 'library.contribute' },
  ],
})

export const libraryDeskNav: NavGroup = {
  title: '资源库',
  items: [{ href: libraryPaths.libraryDesk(), label: '课程入库', icon: 'book', permission: 'library.read' }],
}
