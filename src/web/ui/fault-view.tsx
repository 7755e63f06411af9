import type { ReactNode } from 'react'
import type { Fault } from '#platform/errors.ts'
import { paths } from '#web/paths.ts'
import { Notice } from './notice.tsx'

/** A refusal in words: what is wrong, how to mend it, and the title of the clause it rests on. */
export type Wording = { title: string; remedy: ReactNode; clauseTitle?: string; facts?: Record<string, string> }

const plain: Record<Exclude<Fault['kind'], 'refused'>, { title: string; remedy: string }> = {
  invalid: { title: '有几处没有填对', remedy: '请按提示改好后再提交。' },
  unauthenticated: { title: '请先登录', remedy: '登录后会回到这一页。' },
  forbidden: { title: '您的身份不能办这件事', remedy: '如果这应该由您来办，请联系本单位的管理员。' },
  missing: { title: '找不到这条记录', remedy: '它可能已被撤回，或者不属于您。请从列表重新进入。' },
  conflict: { title: '别人刚刚先改了它', remedy: '请刷新这一页，看过最新的内容再办。您填的内容没有保存。' },
  limited: { title: '试得太频繁了', remedy: '请稍等片刻再试。' },
}

/** Why the answer is no: the reason, the clause, the facts it was decided on, and the way out. */
export function FaultView({ fault, wording, focus }: { fault: Fault; wording?: Wording; focus?: boolean }) {
  const body =
    fault.kind === 'refused' ? (
      <Refused refusal={fault.refusal} wording={wording} />
    ) : (
      <Notice tone="bad" live title={wording?.title ?? plain[fault.kind].title}>
        <p>{wording?.remedy ?? remedyOf(fault)}</p>
      </Notice>
    )
  if (!focus) return body
  return (
    // biome-ignore lint/a11y/noAutofocus: the answer to a failed submit is read first
    <div tabIndex={-1} autoFocus>
      {body}
    </div>
  )
}

const remedyOf = (fault: Exclude<Fault, { kind: 'refused' }>) =>
  fault.kind === 'limited' ? `请等 ${fault.retryAfterSeconds} 秒再试。` : plain[fault.kind].remedy

function Refused(props: { refusal: Extract<Fault, { kind: 'refused' }>['refusal']; wording: Wording | undefined }) {
  const { refusal, wording } = props
  const facts =
    wording?.facts ?? Object.fromEntries(Object.entries(refusal.facts).map(([k, v]) => [k, String(v ?? '无')]))
  return (
    <Notice tone="bad" live title={wording?.title ?? '按规定不能这样办'}>
      {!wording && <p>原因代码：{refusal.reason}</p>}
      <dl>
        <dt>依据</dt>
        <dd>
          <a href={paths.clause(refusal.clause)}>{wording?.clauseTitle ?? `条款 ${refusal.clause}`}</a>
        </dd>
        {Object.entries(facts).map(([name, value]) => [
          <dt key={`${name}-name`}>{name}</dt>,
          <dd key={`${name}-value`}>{value}</dd>,
        ])}
        {wording && <dt>怎么办</dt>}
        {wording && <dd>{wording.remedy}</dd>}
      </dl>
    </Notice>
  )
}
