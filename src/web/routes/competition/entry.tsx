import { redirect } from 'react-router'
import { withdrawEntry } from '#modules/competition/eligibility.commands.ts'
import { myEntry } from '#modules/competition/entry.queries.ts'
import { entryStates, protestStates } from '#modules/competition/entry.schema.ts'
import { eventStates } from '#modules/competition/event.schema.ts'
import { lodgeProtest } from '#modules/competition/protest.commands.ts'
import { typeVersion } from '#modules/competition/type.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { competitionWords, entryTones, groupLabel, prizeLabel } from '../../competition/desk.ts'
import { entrantOf } from '../../competition/own.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/entry.ts'

export const meta = () => title('我的参赛')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = entrantOf(args)
  const found = await myEntry(ctx, isId(args.params.id), organisationId).catch(fail(args.request))
  const type = await typeVersion(ctx.db, found.entry.versionId)
  return { area, type, today: dayOf(ctx.now), ...found }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = entrantOf(args)
  const entryId = isId(args.params.id)
  const form = await args.request.formData()
  const protests = form.get('intent') === 'protest'
  const work = protests ? lodgeProtest(ctx, { entryId, text: form.get('text') ?? '' }) : withdrawEntry(ctx, { entryId })
  const tried = await attempt<unknown>(work, form, competitionWords(ctx))
  const said = protests ? 'competition-protested' : 'competition-left'
  return tried.ok ? redirect(done(paths.ownEntry(area, entryId), said)) : tried.answer
}

export default function Entry({ loaderData, actionData }: Route.ComponentProps) {
  const { area, type, today, entry, protests, standing, awards } = loaderData
  const may = entry.eventState === 'scored' && entry.protestsUntil !== null && today <= entry.protestsUntil
  const leaves =
    ['registered', 'eligible'].includes(entry.state) && ['announced', 'checking'].includes(entry.eventState)
  return (
    <>
      <PageHeader
        title={entry.name}
        caption={entry.number}
        crumbs={[{ label: '技能竞赛', href: paths.ownCompetitions(area) }]}
        tag={<StatusTag tone={entryTones[entry.state]}>{entryStates[entry.state]}</StatusTag>}
      />
      <div className="stack">
        {entry.note && entry.state !== 'eligible' && <Notice tone="warn" title={entry.note} />}
        <SummaryList
          rows={[
            { label: '竞赛', value: <a href={paths.competition(entry.eventId)}>{entry.eventTitle}</a> },
            { label: '竞赛进度', value: eventStates[entry.eventState] },
            { label: '组别', value: groupLabel(type, entry.groupId) },
            { label: '选手', value: entry.members.join('、') },
            { label: '单位', value: entry.unit },
            ...(standing
              ? [
                  {
                    label: '成绩',
                    value: `${standing.total.toFixed(2)} 分，${standing.place === null ? '不计名次' : `第 ${standing.place} 名`}${standing.prize ? `，${prizeLabel(type, standing.prize)}` : ''}`,
                  },
                ]
              : []),
          ]}
        />
        {awards.length > 0 && (
          <Section title="获奖证书">
            <DataTable
              caption="获奖证书"
              rows={awards}
              rowKey={(row) => row.id}
              columns={[
                { key: 'name', header: '获奖人', cell: (row) => row.name },
                { key: 'prize', header: '奖项', cell: (row) => prizeLabel(type, row.prize) },
                { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
                { key: 'file', header: '证书', cell: (row) => <a href={paths.awardCertificate(row.id)}>下载 PDF</a> },
              ]}
              empty={null}
            />
          </Section>
        )}
        {protests.length > 0 && (
          <Section title="申诉">
            <DataTable
              caption="申诉"
              rows={protests}
              rowKey={(row) => row.id}
              columns={[
                { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
                {
                  key: 'state',
                  header: '结果',
                  keep: true,
                  cell: (row) => (
                    <StatusTag tone={row.state === 'open' ? 'wait' : 'good'}>{protestStates[row.state]}</StatusTag>
                  ),
                },
                {
                  key: 'reply',
                  header: '答复',
                  cell: (row) => row.reply || `应在${dayText(row.dueOn)}前答复`,
                },
              ]}
              empty={null}
            />
          </Section>
        )}
        {may && !protests.some((one) => one.state === 'open') && (
          <Section title="提出申诉" description={`到${dayText(entry.protestsUntil ?? '')}为止，由区人社局答复。`}>
            <Form failed={actionData} labels={{ text: '事实和理由' }}>
              <TextArea name="text" label="事实和理由" maxLength={2000} hint="写明哪一轮、哪一项，加密保存" />
              <Button name="intent" value="protest">
                提交申诉
              </Button>
            </Form>
          </Section>
        )}
        {leaves && (
          <Section title="退出" description="开赛以前可以退出，名额让给别人。">
            <Form failed={actionData}>
              <Button kind="quiet" name="intent" value="leave">
                退出竞赛
              </Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}
