/** The moves of every life cycle of training, as a history shows them. */
export const moveLabels: Record<string, string> = {
  create: '新建',
  file: '提交备案',
  withdraw: '撤回',
  return: '退回补正',
  accept: '列入计划',
  reject: '不予列入',
  apply: '申请开班',
  approve: '批准开班',
  start: '首次上课',
  suspend: '暂停',
  resume: '恢复上课',
  assess: '考核结果确认',
  cancel: '取消',
  terminate: '中止',
  open: '开始上课',
  close: '结束',
}

export const clockLabels: Record<string, string> = { review: '审核时限', correction: '补正期限' }
