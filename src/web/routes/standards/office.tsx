import { versionsAtDesk } from '#modules/standards/standard.queries.ts'
import { signedIn } from '../../ctx.ts'
import { title } from '../../site.ts'
import { VersionTable } from '../../standards/list.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/office.ts'

export const meta = () => title('技能标准')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  return { versions: await versionsAtDesk(ctx.db) }
}

export default function Office({ loaderData: { versions } }: Route.ComponentProps) {
  const count = (...states: string[]) => String(versions.filter((one) => states.includes(one.state)).length)
  return (
    <>
      <PageHeader title="技能标准" />
      <div className="stack">
        <Figures>
          <FigureCard label="已发布的标准" value={count('published')} unit="项" note="计划没有写明数量目标" />
          <FigureCard label="等待立项" value={count('proposed')} unit="项" />
          <FigureCard label="等待审定" value={count('reviewing')} unit="项" />
        </Figures>
        <VersionTable area="office" versions={versions} />
      </div>
    </>
  )
}
