import { occupationOptions } from '#modules/occupations/catalogue.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { levelOptions, subdistrictOptions } from '../training/options.ts'
import type { CourseChoices } from './course-fields.tsx'

/** What a course can be filed under. */
export async function courseChoices(ctx: Pick<Ctx, 'db' | 'plan'>): Promise<CourseChoices> {
  return {
    occupations: (await occupationOptions(ctx.db)).map(({ value, label }) => ({ value, label })),
    levels: levelOptions(ctx.plan),
    groups: ctx.plan.groups.map(({ id, label }) => ({ value: id, label })),
    subdistricts: subdistrictOptions(ctx.plan),
  }
}
