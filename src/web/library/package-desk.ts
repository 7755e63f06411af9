import { answerText, readAnswer, withPicturesInWords } from '#modules/library/question.rules.ts'
import { questionKinds } from '#modules/library/question.schema.ts'
import type { packagePage } from '#modules/packages/import.queries.ts'
import { reasonText } from '#modules/packages/launch.schema.ts'
import { typedQuestion } from '#modules/packages/question.rules.ts'
import { tokenFor } from '#modules/packages/token.queries.ts'
import type { Refusal } from '#policy/decision.ts'
import { type Current, wordsOf } from '../ctx.ts'
import { libraryWords } from './desk.ts'
import { contentsOf, kindText } from './package-contents.ts'

type Row = Awaited<ReturnType<typeof packagePage>>

/** Words for refusals of packages; those of the library where it is the one that refuses. */
export const packageWords = (ctx: Current['ctx']) => (refusal: Refusal) =>
  wordsOf(ctx.plan, reasonText, refusal) ?? libraryWords(ctx)(refusal)

/** What a page shows of a package. */
export function shownPackage(row: Row) {
  const { found } = row
  return {
    id: row.id,
    courseId: row.courseId,
    archiveName: row.archiveName,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256,
    state: row.state,
    title: row.title || row.archiveName,
    kind: found && kindText(found),
    isQuestions: found?.kind === 'qti',
    faults: row.faults,
    pool: row.pool,
    questionsAdded: row.questionsAdded,
    steps: { done: row.stepsDone, total: row.stepsTotal },
    at: { sent: row.createdAt, checked: row.checkedAt, confirmed: row.confirmedAt, ready: row.readyAt },
    lines: found ? contentsOf(found) : [],
    questions: (found?.questions ?? []).map((question) => {
      const typed = typedQuestion(question, '')
      const made = readAnswer(typed.kind, typed.options, typed.answer)
      return {
        key: question.key,
        prompt: [
          withPicturesInWords({ ...question, pictures: question.pictures ?? [] }).prompt,
          ...typed.options.map((text, i) => `${String.fromCharCode(65 + i)}. ${text}`),
        ].join('　'),
        kind: questionKinds[question.kind],
        answer: made.ok ? answerText({ kind: typed.kind, options: typed.options, answer: made.answer }) : '',
      }
    }),
  }
}

/** A unit of a package running for somebody who looks at it: nothing that it reports is kept. */
export function preview({ ctx, contentOrigin }: Current, row: Row, unitId: string | null) {
  const unit = row.state === 'ready' ? row.found?.units.find(({ id }) => id === unitId) : undefined
  if (!unit) return null
  const token = tokenFor(ctx, {
    ...{ use: 'preview', personId: '', accountId: ctx.actor.id, unitId: unit.id, launchId: '', packageId: row.id },
    ...{ registrationId: '', itemId: '' },
  })
  return { title: unit.title, address: `${contentOrigin(row.id)}/launch/${token}` }
}
