import { documentKinds } from '#modules/people/identity.schema.ts'
import { openPersons, personCard } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { missingNote } from '#platform/fonts.ts'
import type { CertificateSheet } from '#platform/pdf.templates.ts'
import { compile } from '#platform/pdf.ts'
import { qrSvg } from '#platform/qr.ts'
import { dayOf, formatDay, formatInstant } from '#shared/dates.ts'
import { assessedClasses } from './assessment.queries.ts'
import { partNames } from './assessment.schema.ts'
import { type Certificate, certificateFor, certificatesOf, classCertificates, holderOf } from './certificate.queries.ts'
import { codeText } from './certificate.rules.ts'
import { certificateStates } from './certificate.schema.ts'
import { type LearningRecord, learningRecord } from './record.queries.ts'
import { totalText } from './result.schema.ts'
import { pointsText } from './score.schema.ts'

export type Paper = { name: string; bytes: Uint8Array<ArrayBuffer> }

/** Where a certificate is verified: `site` is the address that everybody uses, without a slash at its end. */
export const verifyUrl = (site: string, code: string) => `${site}/verify/${code}`

/** One certificate, for its holder, its issuer or the bureau. `signed` goes into a large code on a page of its own. */
export async function certificatePaper(ctx: Ctx, id: string, site: string, signed?: string): Promise<Paper> {
  const certificate = await certificateFor(ctx, id)
  return { name: `培训合格证书-${certificate.number}.pdf`, bytes: certificatesPdf(ctx, [certificate], site, signed) }
}

/** All standing certificates of a class in one document, a page each, for its institution or the bureau. */
export async function classPaper(ctx: Ctx, classId: string, site: string): Promise<Paper> {
  const found = await assessedClasses(ctx.db).where('c.id', '=', classId).executeTakeFirst()
  const may =
    found &&
    (ctx.actor.can('organisation.read', { organisationId: found.organisationId }) || ctx.actor.can('casework.read'))
  if (!found || !may) throw missing('class')
  const standing = (await classCertificates(ctx.db, classId)).filter(({ state }) => state === 'issued')
  if (standing.length === 0) throw missing('certificate')
  return { name: `培训合格证书-${found.number}.pdf`, bytes: certificatesPdf(ctx, standing, site) }
}

function certificatesPdf(
  ctx: Ctx,
  list: readonly Certificate[],
  site: string,
  signed?: string,
): Uint8Array<ArrayBuffer> {
  const [first] = list
  return compile('certificate', {
    on: first?.issuedOn ?? dayOf(ctx.now),
    title: list.length === 1 ? `培训合格证书 ${first?.number}` : `培训合格证书 ${first?.record.classNumber}`,
    author: first?.record.issuer.name ?? '',
    certificates: list.map((certificate) => sheetOf(certificate, holderOf(ctx, certificate), site)),
    signedQr: signed ? qrSvg(signed) : '',
  })
}

function sheetOf(
  { record, number, code, digest, state, revokedOn }: Certificate,
  holder: string,
  site: string,
): CertificateSheet {
  const url = verifyUrl(site, code)
  const { occupation } = record
  return {
    number,
    holder,
    documentKind: documentKinds[record.document.kind],
    document: record.document.masked,
    from: formatDay(record.from),
    to: formatDay(record.to),
    programme: record.programme.name,
    course: record.course,
    plannedHours: record.plannedHours,
    hours: record.hours,
    occupation: occupation ? `${occupation.title}（${occupation.edition}年版 ${occupation.code}）` : '—',
    level: record.level ?? '—',
    assessedOn: formatDay(record.assessedOn),
    score: `${totalText(record.totalMillipoints)} 分（${record.parts.map((p) => `${partNames[p.part]} ${pointsText(p.tenths)}`).join('、')}）`,
    classNumber: record.classNumber,
    basis: record.basis,
    qr: qrSvg(url),
    verifyUrl: url,
    verifyAt: `${site.replace(/^https?:\/\//, '')}/verify`,
    code: codeText(code),
    digest,
    issuer: record.issuer.name,
    issuerCode: record.issuer.uscc,
    seal: record.seal,
    issuedOn: formatDay(record.issuedOn),
    revoked: state === 'revoked' ? `${certificateStates.revoked}${revokedOn ? ` ${formatDay(revokedOn)}` : ''}` : '',
    rare: missingNote(holder),
  }
}

/** A person's own learning record as a paper. */
export async function recordPaper(ctx: Ctx, personId: string, site: string): Promise<Paper> {
  if (!ctx.actor.can('self.records', { personId })) throw missing('person')
  const [card, opened, record, certificates] = await Promise.all([
    personCard(ctx.db, personId),
    openPersons(ctx.db, ctx.crypto, [personId]),
    learningRecord(ctx, personId),
    certificatesOf(ctx.db, personId),
  ])
  const name = opened.get(personId)?.name ?? card.name
  const monthText = (month: string) => `${month.slice(0, 4)}年${Number(month.slice(5))}月`
  const bytes = compile('record', {
    on: dayOf(ctx.now),
    title: '培训学习记录',
    author: `${ctx.plan.district.name}职业培训云平台`,
    facts: [
      ['姓名', name],
      [documentKinds[card.documentKind], card.document],
      ['累计课时', String(record.totalHours)],
      ['累计分钟', String(record.totalMinutes)],
      ['出具时间', formatInstant(ctx.now)],
      ['出具', `${ctx.plan.district.name}职业培训云平台`],
    ],
    sections: [
      {
        title: '按班级',
        note: recordNote(record, ctx.plan.undecidedText),
        table: {
          head: ['班级', '机构', '起止', '应学课时', '已学分钟', '已学课时', '剩余课时', '结果'],
          widths: [5, 5, 4, 2, 2, 2, 2, 2],
          align: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
          rows: record.classes.map((c) => [
            c.title,
            c.organisation,
            `${c.startsOn} 至 ${c.endsOn}`,
            String(c.plannedHours),
            String(c.minutes),
            String(c.hours),
            String(c.remainingHours),
            c.result === null ? '—' : c.result === 'passed' ? '合格' : '不合格',
          ]),
          empty: '没有参加过班级。',
        },
      },
      {
        title: '线上课程',
        note: '自学的时间记在本人名下，不计入班级，不用于申领补贴。',
        table: {
          head: ['课程', '机构', '计入', '已记分钟', '学完日期'],
          widths: [6, 6, 5, 2, 3],
          align: ['left', 'left', 'left', 'right', 'left'],
          rows: record.courses.map((course) => [
            course.title,
            course.organisation,
            course.classTitle ?? '自学',
            String(course.minutes),
            course.completedOn ?? '',
          ]),
          empty: '没有线上课程。',
        },
      },
      {
        title: '按月',
        note: '',
        table: {
          head: ['月份', '本月分钟', '累计分钟'],
          widths: [2, 2, 2],
          align: ['left', 'right', 'right'],
          rows: record.months.map((m) => [monthText(m.month), String(m.minutes), String(m.cumulativeMinutes)]),
          empty: '没有课时记录。',
        },
      },
      {
        title: '证书',
        note: '',
        table: {
          head: ['证书编号', '班级', '发证机构', '发证日期', '状态'],
          widths: [4, 5, 5, 3, 2],
          align: ['left', 'left', 'left', 'left', 'left'],
          rows: certificates.map((c) => [
            c.number,
            c.record.course,
            c.record.issuer.name,
            c.issuedOn,
            certificateStates[c.state],
          ]),
          empty: '还没有证书。',
        },
      },
    ],
    foot: `证书可在 ${site.replace(/^https?:\/\//, '')}/verify 查验。本记录由平台按课时台账生成，以平台当前数据为准。`,
    rare: missingNote(name),
  })
  return { name: `培训学习记录-${dayOf(ctx.now)}.pdf`, bytes }
}

/** How the hours of a record were counted, in words. */
export function recordNote({ classes }: LearningRecord, undecidedText: string): string {
  const lengths = [...new Set(classes.map(({ minutesPerHour }) => minutesPerHour))]
  if (lengths.includes(null)) return `一课时的分钟数${undecidedText}，暂只计分钟。`
  const [length] = lengths
  return lengths.length === 1
    ? `课时按签到证据核实，一课时 ${length} 分钟，各班不足一课时的部分不计。`
    : '课时按签到证据核实，各班不足一课时的部分不计。'
}
