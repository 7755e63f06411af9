import { questionTemplate } from '#modules/library/template.queries.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'

export async function loader() {
  const { name, bytes } = await questionTemplate()
  return paperAnswer({ name, bytes: new Uint8Array(bytes) }, spreadsheet)
}
