import { awardByNumber } from '#modules/competition/entry.queries.ts'
import { typeVersion } from '#modules/competition/type.queries.ts'
import { AppError } from '#platform/errors.ts'
import { groupLabel, prizeLabel } from '../../competition/desk.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/award.ts'

export const meta = () => title('查获奖证书')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const number = new URL(request.url).searchParams.get('number')?.slice(0, 60) ?? ''
  if (number === '') return { number, found: null }
  const award = await awardByNumber(ctx.db, number).catch((error) => {
    if (error instanceof AppError && error.fault.kind === 'missing') return null
    throw error
  })
  if (!award) return { number, found: null }
  const type = await typeVersion(ctx.db, award.versionId)
  const { name: _, personId: __, ...shown } = award
  return { number, found: { ...shown, prize: prizeLabel(type, award.prize), group: groupLabel(type, award.groupId) } }
}

export default function Award({ loaderData: { number, found } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader title="查获奖证书" crumbs={[{ label: '技能竞赛', href: paths.competitions() }]} />
      <div className="stack">
        <FilterBar label="查证书" action={paths.awardCheck()} values={{ number }}>
          <TextField name="number" label="证书编号" maxLength={60} />
        </FilterBar>
        {found ? (
          <>
            <Notice tone="good" live title="平台有这份获奖证书" />
            <SummaryList
              rows={[
                { label: '证书编号', value: found.number },
                { label: '获奖人', value: found.shownName, note: '姓名部分隐去' },
                { label: '单位', value: found.unit },
                ...(found.team ? [{ label: '队名', value: found.team }] : []),
                { label: '竞赛', value: <a href={paths.competition(found.eventId)}>{found.eventTitle}</a> },
                { label: '组别', value: found.group },
                { label: '奖项', value: `${found.prize}（第 ${found.place} 名）` },
                { label: '颁发日期', value: dayText(found.awardedOn) },
              ]}
            />
          </>
        ) : (
          number !== '' && (
            <Notice tone="bad" live title="平台没有这个编号的获奖证书">
              <p>请核对编号；仍然查不到的，这份证书不是平台颁发的。</p>
            </Notice>
          )
        )}
      </div>
    </PageBody>
  )
}
