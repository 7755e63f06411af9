import { nominations, ownApplications } from '#modules/recognition/application.queries.ts'
import { live } from '#modules/recognition/application.rules.ts'
import { applicationStates } from '#modules/recognition/application.schema.ts'
import { publishedCalls } from '#modules/recognition/call.queries.ts'
import { ownTitles } from '#modules/recognition/designation.queries.ts'
import { titleIn } from '#modules/recognition/designation.rules.ts'
import { designationStates } from '#modules/recognition/designation.schema.ts'
import { schemeVersion } from '#modules/recognition/scheme.queries.ts'
import { paths } from '../../paths.ts'
import { applicationTones, designationTones } from '../../recognition/desk.ts'
import { applicantOf } from '../../recognition/own.ts'
import { Progress } from '../../recognition/progress.tsx'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/own.ts'

export const meta = () => title('申报和称号')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = applicantOf(args)
  const open = (await publishedCalls(ctx)).filter((one) => one.open)
  const schemes = await Promise.all(open.map((one) => schemeVersion(ctx.db, one.versionId)))
  const by = organisationId === null ? 'person' : 'organisation'
  const applications = await ownApplications(ctx, organisationId)
  const nominated = organisationId === null ? await nominations(ctx) : []
  const going = [...applications, ...nominated].filter((one) => live(one.state) || one.state === 'draft').slice(0, 12)
  const ways = await Promise.all(
    going.map(async ({ id, versionId }) => {
      const { paths: stages, name } = await schemeVersion(ctx.db, versionId)
      return [id, { name, paths: stages }] as const
    }),
  )
  return {
    area,
    going,
    nominated,
    ways: Object.fromEntries(ways),
    calls: open.filter((_, at) => schemes[at]?.applicants.by === by),
    applications,
    titles: (await ownTitles(ctx, organisationId)).map((one) => ({
      ...one,
      title: titleIn(ctx.plan, one),
      card: ctx.plan.schemes.some(({ code, card }) => code === one.scheme && card),
    })),
  }
}

export default function Own({ loaderData }: Route.ComponentProps) {
  const { area, calls, applications, titles, going, nominated, ways } = loaderData
  return (
    <>
      <PageHeader title={area === 'my' ? '申报和聘任' : '申报和称号'} />
      <div className="stack">
        {going.length > 0 && (
          <Section title="办理进度">
            {going.map((row) => {
              const way = ways[row.id]
              return (
                way && (
                  <section className="panel stack" key={row.id} aria-label={`${way.name} ${row.number ?? '草稿'}`}>
                    <h3>
                      {nominated.some((one) => one.id === row.id) ? (
                        `${way.name}（由${row.organisation}申报）`
                      ) : (
                        <a href={paths.ownTitle(area, row.id)}>{way.name}</a>
                      )}
                    </h3>
                    <p>
                      <StatusTag tone={applicationTones[row.state]}>{applicationStates[row.state]}</StatusTag>
                      {row.dueOn && row.state !== 'returned' && `　${dayText(row.dueOn)}前办结本环节`}
                      {row.dueOn && row.state === 'returned' && `　请在${dayText(row.dueOn)}前补正`}
                    </p>
                    <Progress scheme={way} path={row.path} state={row.state} />
                  </section>
                )
              )
            })}
          </Section>
        )}
        <Section title="正在办理和办结的申请">
          <DataTable
            caption="申请"
            rows={applications}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'title',
                header: '通知',
                cell: (row) => <a href={paths.ownTitle(area, row.id)}>{row.callTitle}</a>,
              },
              { key: 'name', header: '人选或单位', cell: (row) => row.name || '还没有填' },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number ?? '草稿' },
              {
                key: 'state',
                header: '进度',
                keep: true,
                cell: (row) => <StatusTag tone={applicationTones[row.state]}>{applicationStates[row.state]}</StatusTag>,
              },
              {
                key: 'at',
                header: '提交时间',
                keep: true,
                cell: (row) => (row.submittedAt ? instantText(row.submittedAt) : '—'),
              },
            ]}
            empty={<EmptyState title="还没有申请">从下面的通知开始申报。</EmptyState>}
          />
        </Section>
        <Section title="可以申报的通知">
          <DataTable
            caption="可以申报的通知"
            rows={calls}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '通知', cell: (row) => <a href={paths.startTitle(area, row.id)}>{row.title}</a> },
              { key: 'scheme', header: '项目', cell: (row) => row.schemeName },
              {
                key: 'until',
                header: '截止',
                keep: true,
                cell: (row) => (row.closesOn ? dayText(row.closesOn) : '常年受理'),
              },
            ]}
            empty={
              <EmptyState icon="speaker" title="现在没有可以申报的通知">
                通知发布后会列在这里。
              </EmptyState>
            }
          />
        </Section>
        <Section title={area === 'my' ? '我的称号和聘任' : '本单位的称号'}>
          <DataTable
            caption="称号"
            rows={titles}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '持有人', cell: (row) => <a href={paths.titleHolder(row.number)}>{row.name}</a> },
              {
                key: 'title',
                header: '称号',
                cell: (row) => (
                  <>
                    {row.title}
                    {row.card && (
                      <>
                        {'　'}
                        <a href={paths.ownCard(row.id)}>扫码展示的内容</a>
                      </>
                    )}
                  </>
                ),
              },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={designationTones[row.state]}>{designationStates[row.state]}</StatusTag>,
              },
              {
                key: 'letter',
                header: '通知书',
                cell: (row) => (
                  <>
                    <a href={paths.titleLetter(row.id)}>PDF</a>　<a href={paths.titleLetter(row.id, 'docx')}>DOCX</a>
                  </>
                ),
              },
            ]}
            empty={
              <EmptyState icon="star" title="还没有称号">
                认定后列在这里，可以下载通知书。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
