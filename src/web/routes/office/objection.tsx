import { redirect } from 'react-router'
import { decideObjection } from '#modules/publicity/objection.commands.ts'
import { objectionPage } from '#modules/publicity/objection.queries.ts'
import { objectionReasons, objectionRemedies, objectionStates } from '#modules/publicity/objection.schema.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { reasonOptions, wordsAt } from '../../subsidy/words.ts'
import { Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { SelectField, TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/objection.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`异议 ${loaderData?.found.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const found = await objectionPage(ctx, isId(params.id)).catch(fail(request))
  return { found, may: ctx.actor.can('objection.decide'), reasons: reasonOptions(ctx.plan, 'publicity', 'claim') }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  const form = await request.formData()
  const input = { ...formObject(form), objectionId: isId(params.id) }
  const tried = await attempt(decideObjection(ctx, input), form, wordsAt('objection', ctx))
  return tried.ok ? redirect(done(paths.officeObjection(tried.value.id), 'objection-decided')) : tried.answer
}

export default function Objection({ loaderData: { found, may, reasons }, actionData }: Route.ComponentProps) {
  const { row } = found
  return (
    <>
      <PageHeader
        title={`异议 ${found.number}`}
        crumbs={[{ label: '公示异议', href: paths.officeObjections() }]}
        tag={
          <StatusTag tone={found.state === 'open' ? 'wait' : found.state === 'upheld' ? 'good' : 'neutral'}>
            {objectionStates[found.state]}
          </StatusTag>
        }
      />
      <div className="stack">
        <SummaryList
          rows={[
            {
              label: '申领',
              value: found.claimNumber,
              action: { href: paths.claimReview(found.claimId), label: '查看' },
            },
            { label: '名单', value: `${found.listNumber} 第 ${row.position} 行` },
            { label: '对象', value: row.kind === 'unit' ? row.unit : `${row.unit}　${row.person}　${row.document}` },
            { label: '金额', value: <Money fen={row.amountFen} /> },
            { label: '理由', value: objectionReasons[found.reason] },
            { label: '情况', value: <LongText>{found.text}</LongText> },
            { label: '联系方式', value: found.contact ?? '没有留' },
            { label: '提出时间', value: instantText(found.lodgedAt), note: `应在${dayText(found.dueOn, true)}前办结` },
          ]}
        />
        <Section title="处理">
          {found.reply && found.decidedAt ? (
            <>
              <SummaryList
                rows={[
                  { label: '结果', value: objectionStates[found.state] },
                  ...(found.remedy ? [{ label: '处理', value: objectionRemedies[found.remedy] }] : []),
                  { label: '答复', value: <LongText>{found.reply}</LongText> },
                  { label: '办理人', value: found.decidedByName, note: instantText(found.decidedAt) },
                ]}
              />
              <LinkButton href={paths.objectionLetter(found.id)} download>
                下载答复函（PDF）
              </LinkButton>
            </>
          ) : may ? (
            <Form failed={actionData} labels={{ outcome: '结果', remedy: '处理', reasonCode: '原因', reply: '答复' }}>
              <RadioGroup
                name="outcome"
                label="异议是否成立"
                options={[
                  { value: 'dismissed', label: '不成立', hint: '没有其他未办结的异议时，申领恢复公示和计时。' },
                  { value: 'upheld', label: '成立' },
                ]}
              />
              <RadioGroup
                name="remedy"
                label="成立的，怎样处理"
                optional
                options={Object.entries(objectionRemedies).map(([value, label]) => ({
                  value,
                  label,
                  disabled: value === 'exclude' && row.kind === 'unit',
                  hint:
                    value === 'exclude'
                      ? '释放本人课时，其他人照常办理；针对单位的异议不能选。'
                      : '申领退回补正，更正后重新审核、重新公示。',
                }))}
              />
              <SelectField name="reasonCode" label="成立的原因" optional options={reasons} value="objection-upheld" />
              <TextArea
                name="reply"
                label="答复"
                hint="异议人凭回执码能看到，也写进答复函。不写任何人的姓名和联系方式；提交后不能修改。"
                maxLength={2000}
              />
              <Button>办结异议</Button>
            </Form>
          ) : (
            <DisabledButton reason="由公示与宣传岗位办理。您可以查看，不能办理。">办结异议</DisabledButton>
          )}
        </Section>
      </div>
    </>
  )
}
