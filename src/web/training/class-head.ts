import { organisationCard } from '#modules/people/organisation.queries.ts'
import { type ClassRecord, classes } from '#modules/training/class.queries.ts'
import { maySeeOrganisation } from '#modules/training/plan.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { type Current, type current, fail, signedIn } from '../ctx.ts'
import type { Area } from '../nav.ts'
import { isId } from '../params.ts'
import type { ClassHead } from './class-frame.tsx'
import { areaAt } from './desk.ts'

type Args = {
  request: Request
  context: { get(key: typeof current): Current }
  params: { classId?: string | undefined }
}

/** The start of every page inside a class: the class if it may be seen, and what its heading shows. */
export async function classOf(args: Args): Promise<{ ctx: Ctx; area: Area; cls: ClassRecord; head: ClassHead }> {
  const { ctx } = signedIn(args)
  const cls = await find(ctx, isId(args.params.classId)).catch(fail(args.request))
  const organisation = await organisationCard(ctx.db, cls.organisationId)
  const { id, number, title, state } = cls
  return { ctx, area: areaAt(args.request), cls, head: { id, number, title, state, organisation: organisation.name } }
}

async function find(ctx: Ctx, classId: string): Promise<ClassRecord> {
  const cls = await classes(ctx.db).where('c.id', '=', classId).executeTakeFirst()
  if (!cls || !maySeeOrganisation(ctx, cls.organisationId)) throw missing('class')
  return cls
}
