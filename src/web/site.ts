/** Words about the site itself, in one place. */
export const site = {
  name: '海珠区职业培训云平台',
  english: 'Haizhu Skills Cloud',
  sponsor: '广州市海珠区人力资源和社会保障局',
  sponsorShort: '区人社局',
  phone: '020-89627646',
  phoneShown: '89627646',
} as const

/** The title of a page, for its `meta` export. */
export const title = (page?: string) => [{ title: page ? `${page} - ${site.name}` : site.name }]
