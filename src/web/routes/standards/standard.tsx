import { comment } from '#modules/standards/standard.commands.ts'
import { publicVersion } from '#modules/standards/standard.queries.ts'
import { outcomes, standardKinds, versionStates } from '#modules/standards/standard.schema.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { BodyView, Redline, standardWords, versionTones } from '../../standards/parts.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/standard.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.version.title ?? '技能标准')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const found = await publicVersion(ctx, isId(params.id)).catch(fail(request))
  return { ...found, levels: ctx.plan.levelSchemes.find((one) => one.id === found.version.levelScheme)?.levels ?? [] }
}

/** The receipt is shown once, on the answer itself: no address carries it. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = context.get(current)
  const form = await request.formData()
  const work = comment(ctx, { ...Object.fromEntries(form), versionId: isId(params.id) })
  const tried = await attempt(work, form, standardWords(ctx))
  return tried.ok ? { receipt: tried.value.receipt } : tried.answer
}

const parts = ['一、职业概况', '二、基本要求', '三、工作要求', '四、权重表', '其他'].map((one) => ({
  value: one,
  label: one,
}))

export default function Standard({ loaderData, actionData }: Route.ComponentProps) {
  const { version, open, changes, answers, others, levels } = loaderData
  const receipt = actionData && 'receipt' in actionData ? actionData.receipt : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <PageBody>
      <PageHeader
        title={version.title}
        caption={`${version.number} 第${version.seq}版`}
        crumbs={[{ label: '技能标准', href: paths.standards() }]}
        tag={<StatusTag tone={versionTones[version.state]}>{versionStates[version.state]}</StatusTag>}
        actions={<LinkButton href={paths.standardPaper(version.id)}>下载 PDF</LinkButton>}
      />
      <div className="stack">
        {receipt && (
          <Notice tone="good" title="意见已收到" live>
            <p>
              回执 <Copyable>{receipt}</Copyable>
              ，只显示这一次，请记下来。凭它在<a href={paths.commentAnswer()}>查意见答复</a>看采纳情况和理由。
            </p>
          </Notice>
        )}
        <SummaryList
          rows={[
            { label: '类别', value: standardKinds[version.kind] },
            { label: '职业', value: `${version.occupation}（${version.edition}年版 ${version.code}）` },
            { label: '起草单位', value: version.organisation },
            ...(version.commentsFrom && version.commentsTo
              ? [{ label: '征求意见', value: `${dayText(version.commentsFrom)}至${dayText(version.commentsTo)}` }]
              : []),
            ...(version.publishedOn
              ? [
                  { label: '发布', value: dayText(version.publishedOn), note: `由${version.decidedByName ?? ''}决定` },
                  {
                    label: '数据摘要',
                    value: <Copyable>{version.digest ?? ''}</Copyable>,
                    note: '正文的 SHA-256，改动一个字都会不同',
                  },
                ]
              : []),
            ...others.map((one) => ({
              label: `第${one.seq}版`,
              value: <a href={paths.standard(one.id)}>{versionStates[one.state]}</a>,
            })),
          ]}
        />
        {changes && <Redline changes={changes} />}
        <BodyView body={version.body} levels={levels} />
        {answers.length > 0 && (
          <Section title="意见采纳情况">
            <DataTable
              caption="意见采纳情况"
              rows={answers}
              rowKey={(row) => row.id}
              columns={[
                { key: 'part', header: '对哪一部分', cell: (row) => row.part },
                {
                  key: 'outcome',
                  header: '答复',
                  keep: true,
                  cell: (row) => (row.outcome ? outcomes[row.outcome] : '—'),
                },
                { key: 'reason', header: '理由', cell: (row) => row.reason ?? '—' },
              ]}
              empty={null}
            />
          </Section>
        )}
        {open && (
          <Section
            title="提意见"
            description="不用登录。您写的内容只给起草单位和区人社局看。"
            more={{ href: paths.commentAnswer(), label: '查意见答复' }}
          >
            <Form failed={failed}>
              <SelectField name="part" label="对哪一部分" options={parts} />
              <TextArea name="text" label="意见" rows={4} maxLength={2000} />
              <TextField name="contact" label="联系方式" optional maxLength={120} />
              <Button>提交意见</Button>
            </Form>
          </Section>
        )}
      </div>
    </PageBody>
  )
}
