import { redirect } from 'react-router'
import { replaySetting } from '#modules/reports/replay.queries.ts'
import { approveSetting, rejectSetting } from '#modules/settings/setting.commands.ts'
import { settingById } from '#modules/settings/setting.queries.ts'
import { reasonText, settingKinds, settingStates } from '#modules/settings/setting.schema.ts'
import { choicesFor, figuresFor } from '#platform/figures.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { spanText } from '../../plan/figure-table.tsx'
import { Reach } from '../../plan/reach.tsx'
import { ReplayTable } from '../../plan/replay-table.tsx'
import { reach, settingName, settingValue } from '../../plan/setting-view.ts'
import { shownFigure } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/proposal.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData && `设置：${loaderData.name}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const { plan } = ctx
  const row = await settingById(ctx, isId(params.id)).catch(fail(request))
  const [figureOn, choiceOn] = await Promise.all([figuresFor(ctx), choicesFor(ctx)])
  return {
    row,
    name: settingName(plan, row.kind, row.key),
    shown: settingValue(plan, row),
    before:
      row.kind === 'figure'
        ? shownFigure(plan, figureOn(row.key, row.from)).value
        : (choiceOn(row.key, row.from).label ?? plan.undecidedText),
    reach: reach(plan, row.kind, row.key),
    replay: row.state === 'proposed' ? await replaySetting(ctx, row) : null,
    may: ctx.actor.can('setting.approve'),
    own: row.proposedBy === ctx.actor.id,
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'setting.approve')
  const form = await request.formData()
  const id = isId(params.id)
  const rejected = form.get('do') === 'reject'
  const work = rejected ? rejectSetting(ctx, { id, reason: form.get('reason') ?? '' }) : approveSetting(ctx, { id })
  const tried = await attempt<{ id: string }>(work, form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok
    ? redirect(done(paths.proposal(id), rejected ? 'setting-rejected' : 'setting-approved'))
    : tried.answer
}

export default function Proposal({ loaderData, actionData }: Route.ComponentProps) {
  const { row, name, shown, before, may, own } = loaderData
  return (
    <>
      <PageHeader
        title={name}
        caption={`${settingKinds[row.kind]} ${row.key}`}
        crumbs={[
          { label: '参数与待定事项', href: paths.settings() },
          { label: row.key, href: paths.setting(row.kind, row.key) },
        ]}
        tag={
          <StatusTag tone={row.state === 'in-force' ? 'good' : row.state === 'proposed' ? 'wait' : 'bad'}>
            {settingStates[row.state]}
          </StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '提出的值', value: shown, ...(row.state === 'proposed' && { note: `这段日期现在是：${before}` }) },
            { label: '适用日期', value: spanText(row.from, row.to) },
            { label: '依据', value: row.source },
            { label: '提出', value: row.proposedByName, note: instantText(row.proposedAt) },
            ...(row.settledAt
              ? [
                  {
                    label: row.state === 'rejected' ? '不批准' : '批准',
                    value: row.settledByName ?? '',
                    note: `${instantText(row.settledAt)}${row.note ? `　${row.note}` : ''}`,
                  },
                ]
              : []),
          ]}
        />
        <Reach {...loaderData.reach} />
        {loaderData.replay && <ReplayTable replay={loaderData.replay} />}
        {row.state === 'proposed' && (
          <Section title="批准">
            {!may ? (
              <DisabledButton reason="由局领导批准。您可以查看，不能批准。">批准</DisabledButton>
            ) : own ? (
              <DisabledButton reason="这是您提出的，要由另一个人批准。">批准</DisabledButton>
            ) : (
              <Decide actionData={actionData} />
            )}
          </Section>
        )}
      </div>
    </>
  )
}

function Decide({ actionData }: { actionData: Route.ComponentProps['actionData'] }) {
  return (
    <div className="stack">
      <Notice tone="warn" title="批准后立即按新的值办理">
        <p>还没有提交、或退回补正的申领按新的值计算；已经提交和拨付的不变。批准后不能撤回，要改须另提一项。</p>
      </Notice>
      <Form failed={actionData} labels={{ reason: '不批准的理由' }}>
        <TextArea name="reason" label="不批准的理由" optional rows={2} maxLength={500} hint="只有不批准时要填。" />
        <Actions>
          <Button name="do" value="approve">
            批准
          </Button>
          <Button kind="danger" name="do" value="reject">
            不批准
          </Button>
        </Actions>
      </Form>
    </div>
  )
}
