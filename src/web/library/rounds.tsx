import {
  type Outcome,
  outcomes,
  type RoundKind,
  type RoundState,
  roundKinds,
  roundStates,
} from '#modules/library/round.schema.ts'
import { instantText } from '../ui/format.ts'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

export type ShownRound = {
  id: string
  kind: RoundKind
  state: RoundState
  openedAt: Date
  outcome: Outcome | null
  score: number | null
  decidedAt: Date | null
  reasons: string[]
  criteria: { id: string; title: string }[]
  said: {
    seat: number
    total: number | null
    opinion: string
    remarks: Record<string, string>
    scores: Record<string, number> | null
  }[]
}

const tones = { pass: 'good', return: 'warn', reject: 'bad' } as const

/** Each round of review and what was said in it, the newest first. */
export function Rounds({ rounds }: { rounds: readonly ShownRound[] }) {
  return (
    <Section title="评审">
      {rounds.map((round) => (
        <article className="panel stack" key={round.id}>
          <p>
            <b>{roundKinds[round.kind]}</b>　{instantText(round.openedAt)} 提交{'　'}
            {round.outcome ? (
              <StatusTag tone={tones[round.outcome]}>{`${outcomes[round.outcome]}，${round.score} 分`}</StatusTag>
            ) : (
              <StatusTag tone="wait">{roundStates[round.state]}</StatusTag>
            )}
          </p>
          {round.reasons.length > 0 && (
            <ul className="list-disc ps-5">
              {round.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          )}
          {round.said.map((sheet) => (
            <div key={sheet.seat}>
              <p>
                <b>评审意见 {sheet.seat}</b>　{sheet.total} 分
              </p>
              <p className="small soft">
                {round.criteria.map(({ id, title }) => `${title} ${sheet.scores?.[id] ?? 0}`).join('；')}
              </p>
              <p className="prose-zh">{sheet.opinion}</p>
              {round.criteria
                .filter(({ id }) => sheet.remarks[id])
                .map(({ id, title }) => (
                  <p key={id} className="small">
                    {title}：{sheet.remarks[id]}
                  </p>
                ))}
            </div>
          ))}
        </article>
      ))}
    </Section>
  )
}
