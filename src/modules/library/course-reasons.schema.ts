import { type CourseState, courseStates } from './course.schema.ts'
import type { ReasonTexts } from './input.schema.ts'

/** Refusals about courses in words. */
export const reasonText: ReasonTexts = {
  'wrong-state': (f) => ({
    message: `课程现在的状态是“${courseStates[f.state as CourseState] ?? f.state}”，不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'version-locked': () => ({
    message: '这一版正在评审或已经发布，不能再改',
    remedy: '要改内容，请先撤回，或在发布后另出新版本。',
  }),
  'version-open': () => ({ message: '已有一个没有发布的版本', remedy: '请先办完那一版。' }),
  'course-empty': () => ({ message: '课程还没有任何内容', remedy: '请先添加章节内容。' }),
  'media-not-ready': (f) => ({
    message: `“${f.title}”的文件还没有查验好`,
    remedy: '请等查验完成；没有通过的，请换文件。',
  }),
  'pool-too-small': (f) => ({
    message: `“${f.title}”要从“${f.pool}”抽 ${f.count} 题，题库只有 ${f.has} 题`,
    remedy: '请补充题目，或减少抽题数。',
  }),
  'no-practice': () => ({ message: '课程没有考试、练习或作业', remedy: '请至少添加一项考试或作业。' }),
  'no-hours': () => ({ message: '还没有填写申报课时', remedy: '请填写这一版的课时，至少 1 课时。' }),
  'hours-not-backed': (f) => ({
    message: `申报 ${f.hours} 课时需要 ${f.needed} 分钟内容，现有内容计划时长 ${f.minutes} 分钟`,
    remedy: '请减少申报课时，或补充内容。',
  }),
  'figure-undecided': (f) => ({ message: `“${f.label}”区人社局尚未明确`, remedy: '请先在“参数与待定事项”里设定。' }),
  'media-in-use': () => ({ message: '这个文件已用在课程里，不能删除', remedy: '请先从课程中移除。' }),
  'media-not-yours': () => ({ message: '没有这个文件，或不是本单位的', remedy: '请重新选择文件。' }),
  'media-kind': (f) => ({
    message: `这个文件是 ${f.mediaType}，不能用作${f.kind}`,
    remedy: '请换文件，或换内容类型。',
  }),
  'package-not-yours': () => ({
    message: '这个课件包不能放进本课程',
    remedy: '请在本课程的“课件包”里导入，导入完成后再选。试题包的题目在题库里。',
  }),
  'package-missing': () => ({ message: '请选择课件包', remedy: '先导入课件包，再添加到课程里。' }),
  'rate-too-early': (f) => ({
    message: `学到 ${f.percent}% 以后可以评分，现在学到 ${f.learnt}%`,
    remedy: '请学了以后再来评。',
  }),
  'not-learning': () => ({ message: '没有您学习这门课程的记录', remedy: '请先学习课程。' }),
  'own-course': () => ({ message: '不能给自己单位的课程评分', remedy: '评分请留给学员。' }),
  'already-answered': (f) => ({ message: `这件投诉已由${f.by}答复`, remedy: '请返回列表办理下一件。' }),
  'hours-over-cap': (f) => ({ message: `该项目最多计入 ${f.cap} 课时`, remedy: `请填写不超过 ${f.cap} 的课时。` }),
  'hours-over-course': (f) => ({ message: `课程只有 ${f.hours} 课时`, remedy: `请填写不超过 ${f.hours} 的课时。` }),
  'programme-unknown': () => ({ message: '没有这个培训项目', remedy: '请从列表中选择。' }),
  'conversion-overlap': () => ({
    message: '这段日期里该项目已有计入课时',
    remedy: '请先写明原来那条的截止日期，或改起始日期。',
  }),
  'conversion-decided': () => ({ message: '这条已经处理过', remedy: '请刷新页面查看。' }),
  'four-eyes': () => ({ message: '提出的人不能自己批准', remedy: '请由另一人批准。' }),
  'not-listed': () => ({ message: '课程不在目录中', remedy: '试用和已入库的课程才能办这一步。' }),
  'archive-wrong': (f) => ({
    message: `这不是可以导入的课程文件：${f.why}`,
    remedy: '请使用本平台导出的课程文件，或按说明文档的格式制作。',
  }),
}
