/** Pots of money. Every fen of a fund and year lies in exactly one; a journal only carries it from pot to pot. */
export const accountKinds = {
  appropriation: { label: '下达预算', floor: false, help: '财政下达的总额，记为负数，其余各户之和与它相抵' },
  available: { label: '可用预算', floor: true, help: '尚未批给任何申领的预算' },
  payable: { label: '应付补贴', floor: true, help: '已批准、尚未送银行的补贴' },
  'in-transit': { label: '银行在途', floor: true, help: '已送银行、尚未回盘的补贴' },
  paid: { label: '已拨付', floor: true, help: '银行已付，未被追回的补贴' },
  receivable: { label: '应收追回', floor: true, help: '已发追缴通知、尚未收回的款项' },
  returned: { label: '已收回', floor: true, help: '已收回或已抵扣、尚未转回可用预算的款项' },
  'written-off': { label: '已核销', floor: true, help: '依规核销的款项' },
  transferred: { label: '已移送', floor: true, help: '移送其他机关处理的款项' },
} as const satisfies Record<string, { label: string; floor: boolean; help: string }>

export type AccountKind = keyof typeof accountKinds

/** What set a journal off. */
export const journalKinds = {
  budget: '预算下达或调整',
  approve: '批准补贴',
  revoke: '撤销批准',
  send: '送银行付款',
  paid: '银行已付',
  bounced: '银行退回',
  demand: '追缴通知',
  received: '收到退款',
  offset: '抵扣后续补贴',
  'written-off': '核销',
  transferred: '移送',
  reuse: '收回款转回可用预算',
} as const

export type JournalKind = keyof typeof journalKinds

/** A fund in one budget year. */
export type Fund = { fundSource: string; year: number }

/** One side of a journal: positive puts money into the pot. */
export type Posting = Fund & { account: AccountKind; amountFen: number }

/** Part of a line's award, and which fund carries it. */
export type Share = Fund & { lineId: string; amountFen: number }
