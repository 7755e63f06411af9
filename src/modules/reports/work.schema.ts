/** What else the plan's work came to, without a number of its own in the plan: counted from the records, net of what was taken back. */
export const works = {
  standard: { label: '发布技能标准', unit: '项次', clause: 'HZ4-M01' },
  batch: { label: '完成等级认定批次', unit: '批', clause: 'HZ4-M01' },
  certificate: { label: '发放职业技能等级证书（已减去撤销的）', unit: '本', clause: 'HZ4-M01' },
  mentor: { label: '产业导师公益授课', unit: '分钟', clause: 'HZ4-M06' },
  seats: { label: '培训中心开放培训', unit: '人次', clause: 'HZ4-M07' },
} as const
export type Work = keyof typeof works
export const isWork = (text: string | undefined): text is Work => text !== undefined && Object.hasOwn(works, text)
