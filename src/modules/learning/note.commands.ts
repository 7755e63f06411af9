import { z } from 'zod'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { idField, textField, wholeField } from '#modules/training/input.schema.ts'
import { type Command, command } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { viewable } from './viewing.queries.ts'

const AddNote = z.object({
  registrationId: idField('课程'),
  itemId: idField('课件'),
  positionSeconds: wholeField('时间', 0, 86_400),
  text: textField('笔记', 2000),
})
const DropNote = z.object({ noteId: idField('笔记') })

/** Writes a note beside a moment of an item; for one's own eyes only. */
export const addNote: Command<typeof AddNote, { noteId: string }> = command({
  name: 'learning.addNote',
  permission: 'self.check-in',
  input: AddNote,
  async run(tx, input) {
    if (!(await viewable(tx.db, ownPerson(tx), input))) throw missing('item')
    const { id } = await tx.db
      .insertInto('learning.notes')
      .values({
        registration_id: input.registrationId,
        item_id: input.itemId,
        position_ms: input.positionSeconds * 1000,
        text: input.text,
        at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('note', id)
    return { noteId: id }
  },
})

export const dropNote: Command<typeof DropNote, { noteId: string }> = command({
  name: 'learning.dropNote',
  permission: 'self.check-in',
  input: DropNote,
  async run(tx, { noteId }) {
    const row = await tx.db
      .updateTable('learning.notes as n')
      .from('learning.registrations as r')
      .set({ deleted_at: tx.now })
      .whereRef('r.id', '=', 'n.registration_id')
      .where('r.person_id', '=', ownPerson(tx))
      .where('n.id', '=', noteId)
      .where('n.deleted_at', 'is', null)
      .returning('n.id')
      .executeTakeFirst()
    if (!row) throw missing('note')
    tx.about('note', noteId)
    return { noteId }
  },
})
