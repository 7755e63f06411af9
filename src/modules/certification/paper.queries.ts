import { codeText } from '#modules/assessment/certificate.rules.ts'
import { pointsText } from '#modules/assessment/score.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missingNote } from '#platform/fonts.ts'
import { compile } from '#platform/pdf.ts'
import { qrSvg } from '#platform/qr.ts'
import { formatDay } from '#shared/dates.ts'
import { examParts } from './assessor.schema.ts'
import { levelCertificateFor, levelHolder } from './certificate.queries.ts'

/** One certificate as a paper, for its holder, its issuer or the bureau. `site` is everybody's address of the platform. */
export async function levelPaper(
  ctx: Ctx,
  id: string,
  site: string,
): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const found = await levelCertificateFor(ctx, id)
  const holder = levelHolder(ctx, found)
  const { record } = found
  const url = `${site}/verify/${found.code}`
  const bytes = compile('level-certificate', {
    on: record.issuedOn,
    title: `职业技能等级证书 ${found.number}`,
    author: record.issuer.name,
    number: found.number,
    fields: [
      ['姓名', holder],
      [documentKinds[record.document.kind], record.document.masked],
      ['职业（工种）', `${record.occupation.title}（${record.occupation.edition}年版 ${record.occupation.code}）`],
      ['等级', record.level.label],
      ['考试日期', formatDay(record.examinedOn)],
      ['考点', record.site],
      ['成绩', record.parts.map((one) => `${examParts[one.part]} ${pointsText(one.tenths)}`).join('　')],
      ['批次', record.batch],
      ['机构备案编号', record.issuer.filingNo],
      ['依据', record.basis],
    ],
    qr: qrSvg(url),
    verifyUrl: url,
    verifyAt: `${site.replace(/^https?:\/\//, '')}/verify`,
    code: codeText(found.code),
    digest: found.digest,
    issuer: record.issuer.name,
    issuerCode: record.issuer.uscc,
    issuedOn: formatDay(record.issuedOn),
    revoked: found.state === 'revoked' && found.revokedOn ? `已撤销 ${formatDay(found.revokedOn)}` : '',
    rare: missingNote(holder),
  })
  return { name: `职业技能等级证书-${found.number}.pdf`, bytes }
}
