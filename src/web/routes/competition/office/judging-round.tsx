import { redirect } from 'react-router'
import { giveSheet } from '#modules/competition/sheet.commands.ts'
import { judgeSheet } from '#modules/competition/sheet.queries.ts'
import { competitionWords } from '../../../competition/desk.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { formObject } from '../../../form-object.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { Button } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { TextField } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/judging-round.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`评分 ${loaderData?.round.title ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.judge')
  const code = new URL(request.url).searchParams.get('code') ?? ''
  const found = await judgeSheet(ctx, isId(params.id)).catch(fail(request))
  return { ...found, chosen: found.rows.find((one) => one.code === code) ?? null }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.judge')
  const roundId = isId(params.id)
  const form = await request.formData()
  const tried = await attempt(giveSheet(ctx, { ...formObject(form), roundId }), form, competitionWords(ctx))
  return tried.ok ? redirect(done(paths.judgingRound(roundId), 'competition-sheet')) : tried.answer
}

export default function JudgingRound({ loaderData, actionData }: Route.ComponentProps) {
  const { round, eventTitle, parts, rows, chosen, tolerance } = loaderData
  const open = chosen ? parts.filter((one) => chosen.open.includes(one.id)) : []
  return (
    <>
      <PageHeader title={round.title} caption={eventTitle} crumbs={[{ label: '我的执裁', href: paths.judging() }]} />
      <div className="stack">
        {round.kind === 'theory' && <Notice title="这一轮是理论考试，由主办单位录入成绩" />}
        {round.state === 'closed' && <Notice title="这一轮已经结束" />}
        {chosen && round.state === 'marking' && (
          <Section
            title={`给 ${chosen.code} 评分`}
            description={`每项 0 到 100 分，只填您评的模块。两人相差超过 ${tolerance} 分的由第三人评。`}
          >
            {open.length === 0 ? (
              <Notice tone="good" title="这个代号您都评过了" />
            ) : (
              <Form
                failed={actionData}
                labels={{ ...Object.fromEntries(open.map((one) => [`marks.${one.id}`, ''])), remark: '评语' }}
              >
                <input type="hidden" name="code" value={chosen.code} />
                {open.map((one) => (
                  <TextField
                    key={one.id}
                    name={`marks.${one.id}`}
                    label={`${one.title}（${one.weight}%）`}
                    optional={open.length > 1}
                    hint={one.statement}
                    unit="分"
                    inputMode="decimal"
                    width="short"
                    maxLength={8}
                  />
                ))}
                <TextField name="remark" label="评语" optional width="full" maxLength={500} />
                <Button>提交评分</Button>
              </Form>
            )}
          </Section>
        )}
        <Section title="代号">
          <DataTable
            caption="代号"
            tight
            rows={rows}
            rowKey={(row) => row.code}
            columns={[
              {
                key: 'code',
                header: '代号',
                keep: true,
                cell: (row) =>
                  round.state === 'marking' ? (
                    <a href={paths.judgingRound(round.id, row.code)}>{row.code}</a>
                  ) : (
                    row.code
                  ),
              },
              { key: 'given', header: '我已评', end: true, cell: (row) => `${row.given}/${parts.length}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) =>
                  row.open.length === 0 ? (
                    <StatusTag tone="good">不用再评</StatusTag>
                  ) : row.third ? (
                    <StatusTag tone="warn">等第三人</StatusTag>
                  ) : (
                    <StatusTag tone="wait">待评</StatusTag>
                  ),
              },
            ]}
            empty={
              <EmptyState icon="check" title="没有要评的代号">
                有关系的选手不在这里。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
