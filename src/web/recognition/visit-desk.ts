import { deskApplication } from '#modules/recognition/desk.queries.ts'
import { recordVisit } from '#modules/recognition/visit.commands.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { formObject } from '../form-object.ts'

/** An application that waits for its visit; anything else is not there. */
export async function toVisit(ctx: Ctx, id: string) {
  const { line, scheme, visits } = await deskApplication(ctx, id)
  if (line.state !== 'site-visit' || visits.some((one) => one.confirmedAt === null)) throw missing('visit')
  return { line, scheme }
}

/** What a form of a visit says, with its pictures, as the command takes it. */
export async function visitOf(ctx: Ctx, applicationId: string, form: FormData) {
  const pictures = async (name: string) =>
    Promise.all(
      form
        .getAll(name)
        .filter((one): one is File => one instanceof File && one.size > 0)
        .map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    )
  const files = {
    photos: await pictures('photos'),
    signature: (await pictures('signature'))[0],
    'companion-signature': (await pictures('companion-signature'))[0],
  }
  return recordVisit(ctx, { ...formObject(form), applicationId, files })
}
