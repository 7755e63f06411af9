import type { LineView, QuoteView } from '#modules/subsidy/claim.queries.ts'
import type { ControlView, RunView } from '#modules/subsidy/control.queries.ts'
import { occasions } from '#modules/subsidy/control.schema.ts'
import type { FactChange, Step } from '#modules/subsidy/line.schema.ts'
import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { instantText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { grouped } from './desk.ts'

/** The sum of one person, step by step: 依据、数、结果. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="list-decimal ps-5">
      {steps.map((step) => (
        <li key={step.rule + step.title}>
          <b>{step.title}</b>：{step.working} → <b>{step.result}</b>
          <br />
          <span className="small soft">
            依据：<a href={paths.clause(step.rule)}>{step.rule}</a>　{step.basis}
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Which facts are not what they were, since when. */
export function Changes({ changes }: { changes: readonly FactChange[] }) {
  return (
    <ul className="list-disc ps-5">
      {changes.map((change) => (
        <li key={change.fact}>
          {change.label}：{change.was} → <b>{change.is}</b>
          {change.since && <span className="small soft">（自 {sinceText(change.since)}）</span>}
        </li>
      ))}
    </ul>
  )
}

const sinceText = (since: string) => (/^\d{4}-\d{2}-\d{2}$/.test(since) ? since : instantText(since))

/** Each person with hours, amount and the way to it; `act` is what can be done with the line. */
export function LineTable(props: {
  caption: string
  lines: readonly LineView[]
  act?: (line: LineView) => { href: string; label: string } | null
}) {
  const { lines, act } = props
  return (
    <DataTable
      caption={props.caption}
      rows={lines}
      rowKey={(line) => line.id}
      columns={[
        { key: 'person', header: '学员', keep: true, cell: (line) => line.person },
        { key: 'document', header: '证件号码', cell: (line) => <span className="number">{line.document}</span> },
        { key: 'hours', header: '课时', end: true, cell: (line) => line.classHours },
        { key: 'amount', header: '金额', end: true, keep: true, cell: (line) => <Money fen={line.amountFen} /> },
        {
          key: 'why',
          header: '怎样算出来的',
          cell: (line) => (
            <>
              <More label="计算过程">
                <Steps steps={line.explanation} />
              </More>
              {line.changes.length > 0 && (
                <More label="记录有变化" open>
                  <Changes changes={line.changes} />
                </More>
              )}
            </>
          ),
        },
        ...(act
          ? [
              {
                key: 'act',
                header: '办理',
                cell: (line: LineView) => {
                  const link = act(line)
                  return link ? (
                    <a href={link.href} aria-label={`${link.label}：${line.person}`}>
                      {link.label}
                    </a>
                  ) : (
                    '无'
                  )
                },
              },
            ]
          : []),
      ]}
      empty={null}
    />
  )
}

function Control({ control }: { control: ControlView }) {
  return (
    <div>
      <p>
        <b>
          <a href={paths.clause(control.id)}>{control.id}</a>　{control.asks}
        </b>
      </p>
      {control.lines.length === 0 ? (
        <p>
          {control.message}。{control.remedy}
        </p>
      ) : (
        <ul className="list-disc ps-5">
          {control.lines.map((line) => (
            <li key={line.lineId}>
              {line.person}：{line.message}。{line.remedy}
              {line.letPass && '（已由两人批准放行）'}
            </li>
          ))}
        </ul>
      )}
      {control.letPassUntil && <p className="small">放行有效期至 {control.letPassUntil}，到期自动失效。</p>}
    </div>
  )
}

/** What the controls said, in the claimant's words: what stops first, what nobody could check said as such. */
export function Controls({ run }: { run: RunView }) {
  const { block, warn, letPass, unknown, pass } = grouped(run)
  return (
    <div className="stack">
      <p className="small soft">
        {occasions[run.occasion]}，{instantText(run.at)}。
      </p>
      {block.length > 0 && (
        <Notice tone="bad" title={`${block.length} 项须解决后才能拨付`}>
          {block.map((control) => (
            <Control key={control.id} control={control} />
          ))}
        </Notice>
      )}
      {warn.length > 0 && (
        <Notice tone="warn" title={`${warn.length} 项提醒审核人员核查，不影响提交`}>
          {warn.map((control) => (
            <Control key={control.id} control={control} />
          ))}
        </Notice>
      )}
      {letPass.length > 0 && (
        <Notice tone="info" title={`${letPass.length} 项发现问题，已由两人批准放行`}>
          {letPass.map((control) => (
            <Control key={control.id} control={control} />
          ))}
        </Notice>
      )}
      {block.length + warn.length + letPass.length === 0 && <Notice tone="good" title="能核查的各项均未发现问题" />}
      {unknown.length > 0 && (
        <More label={`未核查 ${unknown.length} 项`}>
          <ul className="list-disc ps-5">
            {unknown.map((control) => (
              <li key={control.id}>
                {control.id}　{control.asks}：{control.message}。{control.remedy}
              </li>
            ))}
          </ul>
        </More>
      )}
      {pass.length > 0 && (
        <More label={`通过 ${pass.length} 项`}>
          <ul className="list-disc ps-5">
            {pass.map((control) => (
              <li key={control.id}>
                {control.id}　{control.asks}：{control.message}
              </li>
            ))}
          </ul>
        </More>
      )}
    </div>
  )
}

/** What was promised, and which fact changed since: the same facts give the same amount. */
export function Promised({ label, quote, nowFen }: { label: string; quote: QuoteView; nowFen: number }) {
  return (
    <Notice tone={quote.changes.length > 0 ? 'warn' : 'info'} title={label}>
      <p>
        {instantText(quote.at)} 答复 <Money fen={quote.amountFen} />
        ，现在按记录为 <Money fen={nowFen} />。{quote.intact ? '' : '这份答复的签名核对不上，请联系平台管理员。'}
      </p>
      {quote.changes.length === 0 ? (
        <p>所依据的事实没有变化。</p>
      ) : (
        quote.changes.map(({ person, changes }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed, several people share a masked name
          <div key={`${person}-${index}`}>
            <p>{person || '本班学员'}：</p>
            <Changes changes={changes} />
          </div>
        ))
      )}
    </Notice>
  )
}

/** How the controls stand, for lists. */
export function RunTag({ blocking, warnings }: { blocking: number; warnings: number }) {
  if (blocking > 0) return <StatusTag tone="bad">{`${blocking} 项须解决`}</StatusTag>
  return warnings > 0 ? (
    <StatusTag tone="warn">{`${warnings} 项提醒`}</StatusTag>
  ) : (
    <StatusTag tone="good">无问题</StatusTag>
  )
}
