import { archiveEvent, awardEvent, recommendUpward } from '#modules/competition/award.commands.ts'
import { decideChange, proposeChange, proposeDisqualify } from '#modules/competition/change.commands.ts'
import { announceEvent, decideDocument, writeDocument } from '#modules/competition/document.commands.ts'
import { admitEntries, closeEntries, decideEntry } from '#modules/competition/eligibility.commands.ts'
import {
  acceptEvent,
  callBackEvent,
  cancelEvent,
  fileEvent,
  rejectEvent,
  returnEvent,
  saveEvent,
  takeEvent,
  withdrawEvent,
} from '#modules/competition/filing.commands.ts'
import { linkExam, takeExam } from '#modules/competition/import.commands.ts'
import { drawJudges, leaveJudge, seatJudge } from '#modules/competition/judge.commands.ts'
import { decideProtest } from '#modules/competition/protest.commands.ts'
import { publiciseResults } from '#modules/competition/publication.commands.ts'
import { beginEvent, closeRound, markAbsent } from '#modules/competition/round.commands.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { formObject } from '../form-object.ts'

type Work = (ctx: Ctx, given: unknown) => Promise<unknown>

/** What the buttons of a competition's pages do; each command asks for itself who may. */
const intents: Record<string, Work> = {
  save: saveEvent,
  'call-back': callBackEvent,
  withdraw: withdrawEvent,
  take: takeEvent,
  return: returnEvent,
  reject: rejectEvent,
  accept: acceptEvent,
  cancel: cancelEvent,
  document: writeDocument,
  'decide-document': decideDocument,
  announce: announceEvent,
  seat: seatJudge,
  'draw-judges': drawJudges,
  leave: leaveJudge,
  'decide-entry': decideEntry,
  admit: admitEntries,
  'close-entries': closeEntries,
  begin: beginEvent,
  'link-exam': linkExam,
  'take-exam': takeExam,
  absent: markAbsent,
  'close-round': closeRound,
  change: proposeChange,
  disqualify: proposeDisqualify,
  'decide-change': decideChange,
  'decide-protest': decideProtest,
  publicise: publiciseResults,
  award: awardEvent,
  upward: recommendUpward,
  archive: archiveEvent,
}

/**
 * Several forms of one page ask for the same thing (`return-note`, `leave-note`): the intent stands before the name, so that
 * ids stay apart. It is taken off for the command and put on again for what is wrong.
 */
export async function runIntent(ctx: Ctx, form: FormData, known: object): Promise<string> {
  const intent = String(form.get('intent') ?? '')
  const plain = new FormData()
  for (const [name, value] of form)
    plain.append(name.startsWith(`${intent}-`) ? name.slice(intent.length + 1) : name, value)
  const given = { ...formObject(plain), ...known }
  try {
    if (intent === 'file') await saveAndFile(ctx, form, given)
    else await intents[intent]?.(ctx, given)
    return intent
  } catch (error) {
    if (!(error instanceof AppError) || error.fault.kind !== 'invalid') throw error
    const fields = Object.entries(error.fault.fields).map(([name, words]) => [
      form.has(`${intent}-${name}`) || !form.has(name) ? `${intent}-${name}` : name,
      words,
    ])
    throw new AppError({ kind: 'invalid', fields: Object.fromEntries(fields) })
  }
}

/** Filing keeps what was typed first, so that a refusal loses nothing. */
async function saveAndFile(ctx: Ctx, form: FormData, given: object): Promise<void> {
  const saved = await saveEvent(ctx, given)
  await fileEvent(ctx, given).catch((error) => {
    form.set('version', String(saved.version))
    throw error
  })
}
