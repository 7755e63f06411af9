import {
  answerComment,
  closeComments,
  comment,
  decideProposal,
  decideReview,
  openComments,
  proposeStandard,
  recordOpinion,
  saveDraft,
  submitReview,
} from '#modules/standards/standard.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { at, type Story } from './world.ts'

const text = {
  profile: '在企业从事数据采集、清洗、标注和质检的人员（演示）。',
  basics: '职业道德、数据安全和标注基础知识（演示）。',
  functions:
    '# 数据采集\n采集数据｜能按任务书采集数据｜采集规范\n# 数据标注\n标注数据｜能按规范标注图像和文本｜标注规范\n质检｜能抽检并退回不合格数据｜质检规范',
  levels: [
    { code: '5', hours: '60', conditions: '累计从事本职业工作1年以上（演示）', weights: { f1: 40, f2: 60 } },
    { code: '4', hours: '50', conditions: '累计从事本职业工作4年以上（演示）', weights: { f1: 30, f2: 70 } },
  ],
}

/** A firm's standard is published after comments; a second one asks for them now. */
export const standardStory: Story = async function* (w) {
  yield at('2021-04-08', '10:00')
  const organisationId = w.organisations.get('ai')
  const asked = { organisationId, kind: 'enterprise', occupation: '2015:4-04-05-05' }
  const { versionId } = await proposeStandard(w.as('孔培训'), {
    ...{ ...asked, title: '数据标注工程企业评价规范（演示）', purpose: '琶洲企业需要统一的评价尺度（演示）。' },
  })
  yield at('2021-04-12', '10:00')
  await decideProposal(w.as('林局长'), { versionId, decision: 'approve', note: '同意立项' })
  yield at('2021-04-26', '15:00')
  await saveDraft(w.as('孔培训'), { versionId, edit: '0', ...text })
  await openComments(w.as('孔培训'), { versionId, workdays: '10' })
  yield at('2021-04-29', '21:00')
  const visitor = { ...w.asSystem(), actor: anonymous }
  await comment(visitor, {
    versionId,
    part: '三、工作要求',
    text: '建议把质检单列为一项工作内容（演示）。',
    contact: '',
  })
  yield at('2021-05-14', '00:30')
  await closeComments(w.asSystem('standards.daily'), {})
  yield at('2021-05-17', '10:00')
  const { id } = await w.db.selectFrom('standards.comments').select('id').executeTakeFirstOrThrow()
  await answerComment(w.as('孔培训'), { commentId: id, outcome: 'adopted', reason: '已在数据标注中单列质检（演示）。' })
  await submitReview(w.as('孔培训'), { versionId })
  yield at('2021-05-25', '15:00')
  for (const expert of ['评审专家甲（演示）', '评审专家乙（演示）', '评审专家丙（演示）']) {
    await recordOpinion(w.as('李受理'), {
      versionId,
      expert,
      unit: '示例大学',
      verdict: 'pass',
      words: '结构完整，同意发布。',
    })
  }
  yield at('2021-05-27', '10:00')
  await decideReview(w.as('林局长'), { versionId, outcome: 'publish', note: '' })
  yield at('2021-08-30', '10:00')
  const second = await proposeStandard(w.as('孔培训'), {
    ...{ ...asked, title: '机器视觉质检企业评价规范（演示）', purpose: '视觉质检岗位增长快，缺少评价尺度（演示）。' },
  })
  yield at('2021-09-01', '10:00')
  await decideProposal(w.as('林局长'), { versionId: second.versionId, decision: 'approve', note: '' })
  yield at('2021-09-10', '16:00')
  await saveDraft(w.as('孔培训'), { versionId: second.versionId, edit: '0', ...text })
  await openComments(w.as('孔培训'), { versionId: second.versionId, workdays: '10' })
}
