/** States of a claim with the words people see. */
export const claimStates = {
  draft: '草稿',
  submitted: '已提交',
  returned: '退回补正',
  'under-review': '审核中',
  reviewed: '已复核',
  publicised: '公示中',
  'objection-held': '异议处理中',
  approved: '已审批',
  ordered: '拨付中',
  paid: '已拨付',
  bounced: '银行退回',
  rejected: '不予补贴',
  withdrawn: '已撤回',
} as const

export type ClaimState = keyof typeof claimStates
