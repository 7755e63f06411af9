import { groupDictionary } from '#modules/people/group.schema.ts'
import { templateXlsx } from '#platform/workbook.ts'
import { signedIn } from '../../ctx.ts'
import type { Route } from './+types/group-template.ts'

/** The file to fill in, made from the same dictionary that reads it. */
export async function loader({ request, context }: Route.LoaderArgs) {
  signedIn({ request, context }, 'group.verify')
  const bytes = await templateXlsx(groupDictionary, { name: '重点人群名单' })
  return new Response(Buffer.from(bytes), {
    headers: {
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('重点人群名单模板.xlsx')}`,
    },
  })
}
