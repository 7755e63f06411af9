import type { courseWork } from '#modules/library/course.queries.ts'
import type { ItemKind } from '#modules/library/course.schema.ts'
import { ownMedia } from '#modules/library/media.queries.ts'
import { mediaTypes } from '#modules/library/media.schema.ts'
import { questionsOf } from '#modules/library/question.queries.ts'
import { launchablePackages } from '#modules/packages/import.queries.ts'
import { packageKinds } from '#modules/packages/package.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Option } from '../ui/fields.tsx'

/** What the form of an item can choose from: the organisation's fitting files, the course's pools. */
export async function itemChoices(
  ctx: Ctx,
  course: Pick<Awaited<ReturnType<typeof courseWork>>, 'id' | 'organisationId'>,
  kind: ItemKind,
): Promise<{ files: Option[]; packages: Option[]; pools: { pool: string; n: number }[] }> {
  const [files, questions, packages] = await Promise.all([
    ownMedia(ctx.db, course.organisationId),
    questionsOf(ctx.db, course.id),
    kind === 'package' ? launchablePackages(ctx.db, course.id) : [],
  ])
  const pools = new Map<string, number>()
  for (const { pool } of questions) pools.set(pool, (pools.get(pool) ?? 0) + 1)
  return {
    files: files
      .filter(({ state }) => state !== 'refused' && state !== 'uploading')
      .filter(({ mediaType }) => mediaType === null || fits(kind, mediaType))
      .map(({ id, name, mediaType }) => ({
        value: id,
        label: `${name}（${mediaType ? (mediaTypes[mediaType] ?? mediaType) : '查验中'}）`,
      })),
    packages: packages.map(({ id, title, kind: of }) => ({
      value: id,
      label: `${title}（${of ? packageKinds[of] : ''}）`,
    })),
    pools: [...pools].map(([pool, n]) => ({ pool, n })),
  }
}

const fits = (kind: ItemKind, mediaType: string) =>
  kind === 'document' ? !/^(video|audio)\//.test(mediaType) : mediaType.startsWith(`${kind}/`)
