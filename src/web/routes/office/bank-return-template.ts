import { bankReturn } from '#modules/subsidy/payment.schema.ts'
import { templateXlsx } from '#platform/workbook.ts'
import { signedIn } from '../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'
import type { Route } from './+types/bank-return-template.ts'

export async function loader({ request, context }: Route.LoaderArgs) {
  signedIn({ request, context }, 'casework.read')
  const notes = ['每个订单一行，订单号和金额与付款文件一致。', '成功的填银行流水号；失败的选失败原因。']
  const bytes = await templateXlsx(bankReturn, { name: '银行回盘', notes })
  return paperAnswer({ name: '银行回盘格式.xlsx', bytes: new Uint8Array(bytes) }, spreadsheet)
}
