import { estimate } from '#modules/subsidy/estimate.queries.ts'
import { EstimateInput } from '#modules/subsidy/estimate.schema.ts'
import { reasonText } from '#modules/subsidy/line.schema.ts'
import { fieldFaults } from '#platform/command.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { current, wordsOf } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { personIdOf } from '../person.ts'
import { site, title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { DateField, FormStateContext, SelectField, TextField } from '../ui/fields.tsx'
import { ErrorSummary } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/calculator.ts'

export const meta = () => title('算补贴')

export async function loader({ request, context }: Route.LoaderArgs) {
  const found = context.get(current)
  const { plan } = found.ctx
  const typed = Object.fromEntries(new URL(request.url).searchParams)
  const asked = 'programme' in typed || 'hours' in typed
  const parsed = EstimateInput.safeParse(typed)
  const values = { on: dayOf(found.ctx.now), ...typed }
  const programmes = plan.programmes.map(({ code, name }) => ({ value: code, label: name }))
  const known = parsed.success && programmes.some(({ value }) => value === parsed.data.programme)
  if (!asked) return { values, programmes, errors: {}, answer: null, undecidedText: plan.undecidedText }
  if (!parsed.success || !known) {
    const errors: Record<string, string[]> = parsed.success
      ? { programme: ['请从列表中选择培训项目'] }
      : fieldFaults(parsed.error)
    return { values, programmes, errors, answer: null, undecidedText: plan.undecidedText }
  }
  const result = await estimate(found.ctx, parsed.data, personIdOf(found))
  const { line } = result
  return {
    values,
    programmes,
    errors: {},
    undecidedText: plan.undecidedText,
    answer: {
      ...result,
      clause: { id: result.programme.clause, label: clauseLabel(plan, result.programme.clause) },
      line: line.ok ? line.value : null,
      fund: line.ok ? (plan.fundSources.find(({ id }) => id === line.value.fundSource)?.label ?? '') : '',
      whyNot: line.ok ? null : (wordsOf(plan, reasonText, line.refusal) ?? null),
    },
  }
}

export default function Calculator({ loaderData }: Route.ComponentProps) {
  const { values, programmes, errors, answer } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="算补贴"
        lead="按现在的规定，一个人学完并考核合格，培训单位能申领多少。补贴付给培训单位，学员不用交钱。"
      />
      <div className="stack">
        <FormStateContext value={{ errors, values }}>
          <form className="form" method="get" action={paths.calculator()} noValidate>
            {Object.keys(errors).length > 0 && (
              <ErrorSummary errors={errors} labels={{ programme: '培训项目', on: '结束日期', hours: '课时' }} />
            )}
            <SelectField name="programme" label="培训项目" options={programmes} />
            <DateField name="on" label="培训结束日期" hint="标准按培训结束那一天的规定算。" />
            <TextField name="hours" label="学了多少课时" unit="课时" inputMode="numeric" width="short" />
            <Button>算一算</Button>
          </form>
        </FormStateContext>
        {answer && <Answer answer={answer} undecidedText={loaderData.undecidedText} />}
      </div>
    </PageBody>
  )
}

type AnswerData = NonNullable<Route.ComponentProps['loaderData']['answer']>

function Answer({ answer, undecidedText }: { answer: AnswerData; undecidedText: string }) {
  const { line, whyNot, use } = answer
  return (
    <>
      <Section title="结果" id="result">
        {line ? (
          <>
            <p className="sum">
              <Money fen={line.amountFen} />
            </p>
            <p>
              {answer.programme.name}，{answer.hours} 课时，{dayText(answer.on)}结束；由“{answer.fund}”支出。依据{' '}
              <a href={paths.clause(answer.clause.id)}>{answer.clause.label}</a>。
            </p>
          </>
        ) : (
          <Notice tone="warn" title={whyNot?.title ?? undecidedText}>
            <p>{whyNot?.remedy}</p>
          </Notice>
        )}
      </Section>
      {line && (
        <Section title="怎么算出来的">
          <ol className="steps-of-sum">
            {line.explanation.map((step) => (
              <li key={step.title}>
                <h3>
                  <span>{step.title}</span>
                  <span className="number">{step.result}</span>
                </h3>
                <p className="working">{step.working}</p>
                <p>
                  {step.basis}　<a href={paths.clause(step.rule)}>规则 {step.rule}</a>
                </p>
              </li>
            ))}
          </ol>
        </Section>
      )}
      <Section title="用到的标准">
        <SummaryList
          rows={answer.figures.map((figure) => ({
            label: figure.label,
            value: figure.value === null || !figure.decided ? undecidedText : valueText(figure),
            note: figure.value === null || !figure.decided ? undefined : figure.source,
          }))}
        />
      </Section>
      {use && (
        <Section title={`您${use.year}年的额度`}>
          <SummaryList
            rows={[
              { label: '全年上限', value: use.capFen === null ? undecidedText : <Money fen={use.capFen} /> },
              { label: '已占用', value: <Money fen={use.usedFen} />, note: '含其他部门通报已支付的同类补贴' },
              { label: '还剩', value: use.leftFen === null ? undecidedText : <Money fen={use.leftFen} /> },
            ]}
          />
        </Section>
      )}
      <Notice title="这是估算，不是承诺">
        <p>实际金额以申领时的课时记录、考核结果和当时的标准为准，由{site.sponsorShort}审核确定。</p>
      </Notice>
    </>
  )
}

function valueText(figure: AnswerData['figures'][number]) {
  if (figure.value === null) return null
  return figure.id.endsWith('.minutes') ? `${figure.value} 分钟` : <Money fen={figure.value} />
}
