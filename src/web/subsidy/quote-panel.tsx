import type { ClassQuote } from '#modules/subsidy/quote-page.queries.ts'
import { yuan } from '#shared/units.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FigureCard, Figures } from '../ui/figure-card.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { dayText, instantText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { More } from '../ui/section.tsx'
import { Changes, Steps } from './parts.tsx'

/** 预计金额: what a class earns by its records now, person by person, and the signed answers given before. */
export function QuotePanel(props: {
  shown: ClassQuote
  may: boolean
  failed?: Failed
  claim?: { href: string; number: string }
}) {
  const { shown, may, failed, claim } = props
  return (
    <div className="stack">
      {shown.undecided.length > 0 && (
        <Notice tone="warn" title="有标准区人社局尚未明确，暂不能计算">
          <ul className="list-disc ps-5">
            {shown.undecided.map((figure) => (
              <li key={figure.id}>{figure.label}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Figures>
        <FigureCard
          label={shown.early ? '按目前课时，全部合格' : '按考核结果'}
          value={yuan(shown.amountFen)}
          unit="元"
          note={`按${dayText(shown.endedOn)}（培训结束日）的标准`}
        />
        {shown.early && shown.plannedFen !== null && (
          <FigureCard label="全部学员上满课时并合格" value={yuan(shown.plannedFen)} unit="元" note="最多能到这个数" />
        )}
      </Figures>
      {claim && (
        <p>
          本班已生成申领 <a href={claim.href}>{claim.number}</a>。
        </p>
      )}
      {shown.last && (
        <Notice tone={shown.last.changes.length > 0 ? 'warn' : 'info'} title="上一次答复">
          <p>
            {instantText(shown.last.at)} 答复 <Money fen={shown.last.amountFen} />。
            {shown.last.intact ? '签名核对无误。' : '签名核对不上，请联系平台管理员。'}
          </p>
          {shown.last.changes.length > 0 ? <Changes changes={shown.last.changes} /> : <p>所依据的事实没有变化。</p>}
        </Notice>
      )}
      {may && (
        <Form failed={failed}>
          <Button kind="plain">记下这次答复</Button>
          <p className="small soft">平台把金额、所依据的事实和标准签名保存；以后金额不同，会写明是哪一项变了。</p>
        </Form>
      )}
      <DataTable
        caption={`各人预计金额，共 ${shown.persons.length} 人`}
        rows={shown.persons}
        rowKey={(one) => one.enrolmentId}
        columns={[
          { key: 'person', header: '学员', keep: true, cell: (one) => one.person },
          { key: 'amount', header: '金额', end: true, keep: true, cell: (one) => <Money fen={one.amountFen} /> },
          {
            key: 'why',
            header: '怎样算出来的',
            cell: (one) =>
              one.refused ? (
                `${one.refused.message}。${one.refused.remedy}`
              ) : (
                <More label="计算过程">
                  <Steps steps={one.steps} />
                </More>
              ),
          },
        ]}
        empty={
          <EmptyState icon="people" title="本班还没有学员">
            录入花名册后，这里按人列出预计金额。
          </EmptyState>
        }
      />
    </div>
  )
}
