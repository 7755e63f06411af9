import { data } from 'react-router'
import { type DatasetKind, datasetKinds } from '#modules/subsidy/control.schema.ts'
import { datasetDictionary } from '#modules/subsidy/dataset.schema.ts'
import { templateXlsx } from '#platform/workbook.ts'
import { signedIn } from '../../ctx.ts'
import type { Route } from './+types/dataset-template.ts'

/** The file to fill in for one kind of data. */
export async function loader(args: Route.LoaderArgs) {
  signedIn(args, 'dataset.import')
  const kind = args.params.kind as DatasetKind
  const label = datasetKinds[kind]
  if (!label) throw data(null, 404)
  const bytes = await templateXlsx(datasetDictionary[kind], {
    name: label,
    notes: ['证件号码一列请保持“文本”格式。', '号码换成不可还原的索引后比对，页面不显示号码，原文件加密封存。'],
  })
  return new Response(Buffer.from(bytes), {
    headers: {
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${label}数据模板.xlsx`)}`,
    },
  })
}
