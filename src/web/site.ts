import type { Plan } from '#policy/plan.types.ts'

/** Words about the site itself. */
export type Site = {
  name: string
  english: string
  sponsor: string
  sponsorShort: string
  /** To dial, and as people know it. */
  phone: string
  phoneShown: string
}

const unnamed: Site = { name: '职业培训云平台', english: '', sponsor: '', sponsorShort: '', phone: '', phoneShown: '' }

/** In a browser the page brings the words along; see `siteMeta`. */
function inPage(): Site | null {
  if (typeof document === 'undefined') return null
  const text = document.querySelector<HTMLMetaElement>('meta[name="site"]')?.content
  return text ? (JSON.parse(text) as Site) : null
}

/** This process's site. A process serves one plan folder, so this is set once, before the first request. */
export const site: Site = inPage() ?? unnamed

export function nameSite(plan: Pick<Plan, 'site' | 'district' | 'contact' | 'owner' | 'bodies'>): void {
  const { name, english, telephone } = plan.site
  Object.assign(site, {
    name,
    english,
    sponsor: `${plan.district.city}${plan.contact.office}`,
    sponsorShort: plan.bodies.find((body) => body.id === plan.owner)?.shortName ?? plan.contact.office,
    phone: telephone,
    phoneShown: plan.contact.phone,
  } satisfies Site)
}

/** Goes into the head of pages with script, whose browser has no plan. */
export const siteMeta = () => JSON.stringify(site)

/** The title of a page, for its `meta` export. */
export const title = (page?: string) => [{ title: page ? `${page} - ${site.name}` : site.name }]
