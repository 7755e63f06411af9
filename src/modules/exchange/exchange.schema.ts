import { z } from 'zod'
import {
  agreed,
  dayField,
  idField,
  optional,
  optionalText,
  type ReasonTexts,
  textField,
  timeField,
  wholeField,
} from '#modules/training/input.schema.ts'
import { emptyAsNone } from '#shared/text.ts'

export const mentorScheme = 'industry-mentor'
/** Titles whose holders open seats to other firms. */
export const centreSchemes: readonly string[] = [
  'training-base',
  'industry-centre',
  'joint-centre',
  'cuisine-base',
  'domestic-base',
]

export const offerKinds = { mentor: '导师公益课', seats: '培训中心席位' } as const
export type OfferKind = keyof typeof offerKinds
export const offerStates = { open: '可预约', given: '已完成', lapsed: '未获确认', cancelled: '已取消' } as const
export type OfferState = keyof typeof offerStates
export const wishStates = { open: '征集中', met: '已约到', withdrawn: '已撤回' } as const
export type WishState = keyof typeof wishStates
export const returnStates = { submitted: '待核对', returned: '已退回', accepted: '已核对' } as const
export type ReturnState = keyof typeof returnStates

const slot = {
  industry: textField('行业', 60, 2),
  subject: textField('题目', 80, 2),
  summary: optionalText('内容简介', 1000),
  subdistrict: optional(z.string().regex(/^\d{9}$/, '请选择街道')),
  on: dayField('日期'),
  from: timeField('开始时间'),
  to: timeField('结束时间'),
  capacity: wholeField('名额', 1, 500),
  free: agreed('请确认不收费、不推销'),
}
export const OfferSlot = z.object({
  ...slot,
  mode: z.enum(['onsite', 'online'], '请选择现场或线上'),
  place: textField('地点或线上入口', 160, 2),
})
export const OfferSeats = z.object({
  ...slot,
  organisationId: idField('单位'),
  designationId: idField('称号'),
  roomId: idField('教室'),
})
export const CancelOffer = z.object({ offerId: idField('开放时段'), note: textField('原因', 300, 4) })

export const AskTopic = z
  .object({
    organisationId: idField('单位'),
    industry: textField('行业', 60, 2),
    subject: textField('想学的题目', 80, 2),
    detail: optionalText('说明', 1000),
    subdistrict: optional(z.string().regex(/^\d{9}$/, '请选择街道')),
    from: dayField('最早日期'),
    to: dayField('最晚日期'),
    persons: wholeField('人数', 1, 500),
  })
  .refine((input) => input.to >= input.from, { path: ['to'], message: '最晚日期不能早于最早日期' })
export const ChooseWish = z.object({ wishId: idField('需求') })

export const Book = z.object({
  organisationId: idField('单位'),
  offerId: idField('开放时段'),
  wishId: optional(z.uuid('请选择需求')),
  seats: wholeField('人数', 1, 500),
})
export const ChooseBooking = z.object({ bookingId: idField('预约') })
/** `hold`: the code was read from the QR in time, by this device; see `training/code.rules.ts`. */
export const SignIn = z.object({
  offerId: idField('开放时段'),
  bookingId: idField('所在单位'),
  code: optionalText('签到码', 20),
  hold: optionalText('扫码记录', 200),
  device: optionalText('设备', 100),
})
export const AddSheet = z.object({
  offerId: idField('开放时段'),
  persons: wholeField('签名人数', 1, 500),
  file: z.custom<{ name: string; bytes: Uint8Array }>(
    (value) => value instanceof Object && 'bytes' in value && value.bytes instanceof Uint8Array,
    '请选择要上传的文件',
  ),
})
export const OpenSheet = z.object({ sheetId: idField('纸质签到表') })

const said = {
  minutes: wholeField('实际分钟', 1, 600),
  persons: wholeField('到场人数', 0, 500),
  words: optionalText('说明', 1000),
  free: agreed('请确认没有收费、没有推销；有的请不要确认，直接举报'),
}
export const SayGiven = z.object({ offerId: idField('开放时段'), ...said })
export const ConfirmGiven = z.object({
  bookingId: idField('预约'),
  ...said,
  rating: wholeField('评价', 1, 5),
})

export const findingOutcomes = { confirm: '按证据确认', release: '解除预约，不计这家单位' } as const
export type FindingOutcome = keyof typeof findingOutcomes
export const findingStates = { proposed: '等另一人复核', approved: '已复核', declined: '未通过' } as const
export type FindingState = keyof typeof findingStates
export const ProposeFinding = z
  .object({
    bookingId: idField('预约'),
    outcome: z.enum(['confirm', 'release'], '请选择按证据确认或解除预约'),
    minutes: z.preprocess(emptyAsNone, wholeField('实际分钟', 1, 600).optional()),
    persons: z.preprocess(emptyAsNone, wholeField('到场人数', 0, 500).optional()),
    evidence: textField('证据', 1000, 10),
    handReason: optionalText('现在办理的原因', 500),
  })
  .refine((input) => input.outcome === 'release' || input.minutes !== undefined, {
    path: ['minutes'],
    message: '按证据确认的，请填写实际分钟',
  })
  .refine((input) => input.outcome === 'release' || input.persons !== undefined, {
    path: ['persons'],
    message: '按证据确认的，请填写到场人数',
  })
export const DecideFinding = z.object({
  findingId: idField('处理意见'),
  outcome: z.enum(['approve', 'decline'], '请选择同意或不同意'),
  note: optionalText('意见', 500),
})

export const ReverseHours = z.object({ entryId: wholeField('记录', 1, 1e12), reason: textField('冲减原因', 500, 4) })

export const returnFields = {
  classes: '培训班次',
  trained: '培训人次',
  passed: '结业合格人次',
  external: '为其他企业培训人次',
} as const
export type ReturnField = keyof typeof returnFields
export const returnFieldList = Object.keys(returnFields) as ReturnField[]
export const SubmitReturn = z.object({
  organisationId: idField('单位'),
  designationId: idField('称号'),
  year: wholeField('年度', 2020, 2100),
  classes: wholeField('培训班次', 0, 1_000_000),
  trained: wholeField('培训人次', 0, 1_000_000),
  passed: wholeField('结业合格人次', 0, 1_000_000),
  external: wholeField('为其他企业培训人次', 0, 1_000_000),
  explanation: optionalText('差异说明', 2000),
})
export const DecideReturn = z.object({
  returnId: idField('年度数据'),
  outcome: z.enum(['accept', 'return'], '请选择核对通过或退回'),
  note: optionalText('意见', 500),
})

/** Reasons of `exchange.rules.ts` and the commands in words. */
export const reasonText: ReasonTexts = {
  'not-mentor': () => ({ message: '您现在没有在聘的海珠产业导师聘任', remedy: '请先在“申报和聘任”办理选聘。' }),
  'not-centre': () => ({ message: '本单位没有在期的培训基地或培训中心称号', remedy: '请先办理认定。' }),
  'ends-before': () => ({ message: '结束时间要晚于开始时间，一次不超过10小时', remedy: '请核对时间。' }),
  'in-past': () => ({ message: '时间已经过去', remedy: '请选择今天以后的时间。' }),
  'mentor-elsewhere': () => ({ message: '这段时间您已有别的安排', remedy: '请换一个时间。' }),
  'place-taken': () => ({ message: '这段时间这个地点已有安排', remedy: '请换时间或地点。' }),
  'room-teaches': () => ({ message: '这段时间教室里有排好的课', remedy: '请换时间或教室。' }),
  'capacity-over': (f) => ({ message: `教室只有${f.seats}个座位`, remedy: '请减少名额。' }),
  'offer-closed': () => ({ message: '这个时段不能预约了', remedy: '请选择其他时段。' }),
  'own-offer': () => ({ message: '席位是开放给其他企业的', remedy: '本单位职工请按内部安排参加。' }),
  'places-left': () => ({ message: '剩余名额不够', remedy: '请减少人数，或者选择其他时段。' }),
  'booked-once': () => ({ message: '本单位已预约这个时段', remedy: '要改人数的，请先取消再预约。' }),
  'wish-closed': () => ({ message: '这项需求已经办结', remedy: '请刷新页面。' }),
  'too-late': () => ({ message: '时段已经开始，不能取消', remedy: '请按实际情况确认。' }),
  'not-begun': () => ({ message: '时段还没有开始', remedy: '开始以后再上传签到表。' }),
  'not-over': () => ({ message: '时段还没有结束', remedy: '结束以后再确认。' }),
  'code-wrong': () => ({ message: '签到码不对', remedy: '请再扫现场屏幕上的二维码，或者照着输入8位签到码。' }),
  'code-stale': () => ({ message: '签到码已经更换', remedy: '请再扫现场屏幕上现在的二维码。' }),
  'not-now': () => ({ message: '现在不能签到', remedy: '开始前30分钟到结束前可以签到。' }),
  'signed-in': () => ({ message: '您已经签到', remedy: '不用再签。' }),
  'found-for': () => ({ message: '区人社局已按证据处理这项预约', remedy: '有异议的，请联系区人社局。' }),
  'host-silent': () => ({ message: '导师或培训中心还没有确认时数', remedy: '先由对方确认，再处理没有回应的单位。' }),
  'firm-spoke': () => ({ message: '参加单位已经确认', remedy: '请刷新页面。' }),
  'still-waiting': (f) => ({ message: `确认期限到${f.due}，还没有过`, remedy: '期限过后再办理。' }),
  'hand-reason': (f) => ({
    message: `${f.undecided}：没有确认期限，由经办人逐件决定`,
    remedy: '请写明为什么现在办理，至少10个字。',
  }),
  'finding-once': () => ({ message: '这项预约已有处理意见', remedy: '请等另一人复核。' }),
  'finding-decided': () => ({ message: '这份处理意见已经复核', remedy: '请刷新页面。' }),
  'by-another': () => ({ message: '提出意见的人不能自己复核', remedy: '请由另一人办理。' }),
  'said-once': () => ({ message: '已经确认过，不能再改', remedy: '有误的请联系区人社局冲减。' }),
  'nobody-booked': () => ({ message: '没有单位预约，不能登记时数', remedy: '时数要有参加单位确认。' }),
  'hours-by-both': () => ({ message: '要双方都确认才记时数', remedy: '请等待对方确认。' }),
  'already-reversed': () => ({ message: '这笔时数已经冲减', remedy: '请刷新页面。' }),
  'return-once': () => ({ message: '这一年度已经报送', remedy: '退回以后才能重报。' }),
  'year-open': () => ({ message: '年度还没有结束', remedy: '请在年度结束后报送。' }),
  unexplained: (f) => ({
    message: `与平台记录不一致：${f.fields}`,
    remedy: '请写明差异原因，或者核对后改正。',
  }),
  'return-decided': () => ({ message: '这份数据已经办理', remedy: '请刷新页面。' }),
  'note-missing': () => ({ message: '退回要写明原因', remedy: '请填写意见。' }),
}
