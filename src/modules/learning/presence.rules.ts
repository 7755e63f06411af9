import type { Limits } from './counting.rules.ts'

/** Playing time until the next question. `draw` is even in [0, 1) and stays on the server: nobody can foresee the moment. */
export const nextQuestionMs = (draw: number, { leastMs, mostMs }: Limits['presence']): number =>
  Math.round(leastMs + draw * Math.max(0, mostMs - leastMs))

export type PresenceQuestion = { prompt: string; options: string[]; answer: number }

const things = ['木棉', '荔枝', '珠江', '骑楼', '早茶', '龙舟', '醒狮', '榕树', '粤绣', '石狮', '渔船', '竹椅']
const digits = '零一二三四五六七八九十'

/**
 * A question that anybody awake answers by eye or by ear, with a keyboard or a finger, in one look: no picture, no sound,
 * no hurry. `pick(n)` gives a whole number below n.
 */
export function questionFrom(pick: (below: number) => number): PresenceQuestion {
  const words = [...things]
  const options = Array.from({ length: 4 }, () => words.splice(pick(words.length), 1)[0] ?? '')
  const answer = pick(4)
  const kind = pick(3)
  if (kind === 0) return { prompt: `请选出“${options[answer]}”。`, options, answer }
  if (kind === 1) {
    const place = ['第一个', '第二个', '第三个', '第四个'][answer]
    return { prompt: `请选${place}。`, options, answer }
  }
  const a = 1 + pick(5)
  const b = 1 + pick(5)
  const sum = a + b
  const wrong = [sum - 1, sum + 1, sum + 2].filter((n) => n !== sum)
  const sums = wrong.toSpliced(answer, 0, sum).map(String)
  return { prompt: `${digits[a]}加${digits[b]}等于几？`, options: sums, answer }
}

/** `answered` within the time for the answer, `remedied` within the time after it, `missed` later. @clause C16 */
export function outcomeOf(askedAtMs: number, nowMs: number, { answerMs, remedyMs }: Limits['presence']) {
  if (nowMs <= askedAtMs + answerMs) return 'answered' as const
  return nowMs <= askedAtMs + answerMs + remedyMs ? ('remedied' as const) : ('missed' as const)
}
