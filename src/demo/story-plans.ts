import { acceptPlan, editPlan, rejectPlan, returnPlan, withdrawPlan } from '#modules/training/plan.commands.ts'
import type { UndertakerKey } from './cast.ts'
import { courses, draftPlan, fileIt, type PlanContent, peopleOf, workdayAfter } from './teach.ts'
import { at, type Story, type World } from './world.ts'

const adaptation = (title: string): PlanContent => ({
  programme: 'job-adaptation',
  title,
  headcount: 300,
  startsOn: '2021-03-01',
  endsOn: '2021-12-31',
})
const project = (title: string, occupation: string): PlanContent => ({
  ...adaptation(title),
  programme: 'project-based',
  occupation,
  level: '5',
  startsOn: '2021-02-01',
})

/** The plans under which classes are held. */
const accepted: Record<UndertakerKey, PlanContent & { filedOn: string }> = {
  cuisine: { ...project('粤菜师傅免费培训计划', '2015:4-03-02-01'), filedOn: '2021-01-11' },
  domestic: { ...project('南粤家政免费培训计划', '2015:4-10-01-06'), filedOn: '2021-01-12' },
  digital: { ...project('数字技能免费培训计划', '2015:4-04-05-05'), filedOn: '2021-01-13' },
  ai: { ...adaptation('人工智能岗位技能提升计划'), filedOn: '2021-02-22' },
  restaurant: { ...adaptation('后厨岗位技能提升计划'), filedOn: '2021-02-23' },
  commerce: { ...adaptation('电商运营适岗培训计划'), filedOn: '2021-02-24' },
}

/** Filed, looked at, accepted; that of the cuisine school only after it was mended. */
export const planStories: Story[] = (Object.keys(accepted) as UndertakerKey[]).map(
  (key): Story =>
    async function* (w) {
      const { filedOn, ...content } = accepted[key]
      yield at(filedOn, '10:10')
      const { planId } = await draftPlan(w, key, content)
      yield at(filedOn, '11:00')
      await fileIt(w, key, planId)
      let decideOn = workdayAfter(filedOn, 3)
      if (key === 'cuisine') {
        yield at(decideOn, '10:30')
        await returnPlan(w.as('李受理'), { planId, reasonCodes: ['plan-incomplete'], note: '请补充各门课程的授课教师' })
        decideOn = workdayAfter(decideOn, 2)
        yield at(decideOn, '09:30')
        await mend(w, key, planId, content)
        decideOn = workdayAfter(decideOn, 2)
      }
      yield at(decideOn, '15:20')
      await acceptPlan(w.as('李受理'), { planId, note: '' })
      w.plans.set(key, planId)
    },
)

async function mend(w: World, key: UndertakerKey, planId: string, content: PlanContent): Promise<void> {
  const { academic, trainers } = peopleOf(key)
  const { version } = await w.db
    .selectFrom('training.plans')
    .select('version')
    .where('id', '=', planId)
    .executeTakeFirstOrThrow()
  const mended = await editPlan(w.as(academic), {
    planId,
    version,
    occupation: '',
    level: '',
    classHours: 16,
    courses: courses.map((course, nth) => ({ ...course, trainer: trainers[nth % trainers.length] ?? '' })),
    ...content,
  })
  await fileIt(w, key, planId, mended.version)
}

const autumn = { startsOn: '2021-10-11', endsOn: '2021-12-31', headcount: 60 }

/** Plans that stand at the other points of their way today. */
export const otherPlansStory: Story = async function* (w) {
  yield at('2021-04-06', '10:00')
  const late = await draftPlan(w, 'commerce', {
    ...adaptation('仓储拣货技能计划'),
    startsOn: '2021-04-12',
    endsOn: '2021-06-30',
  })
  await fileIt(w, 'commerce', late.planId)
  yield at('2021-04-09', '14:00')
  await rejectPlan(w.as('李受理'), {
    planId: late.planId,
    reasonCodes: ['not-free'],
    note: '计划向职工收取教材费，不符合免费培训要求',
  })

  yield at('2021-08-30', '09:30')
  const given = await draftPlan(w, 'restaurant', { ...adaptation('酒水服务技能计划'), ...autumn })
  await fileIt(w, 'restaurant', given.planId)
  yield at('2021-08-31', '11:00')
  await withdrawPlan(w.as(peopleOf('restaurant').academic), {
    planId: given.planId,
    note: '门店停业装修，改到明年申报',
  })

  yield at('2021-09-06', '10:20')
  const returned = await draftPlan(w, 'cuisine', { ...project('粤式点心免费培训计划', '2015:4-03-02-02'), ...autumn })
  await fileIt(w, 'cuisine', returned.planId)
  yield at('2021-09-09', '16:00')
  await returnPlan(w.as('李受理'), {
    planId: returned.planId,
    reasonCodes: ['plan-incomplete'],
    note: '请说明实操课的原料和设备由谁提供',
  })

  yield at('2021-09-13', '09:40')
  const filed = await draftPlan(w, 'domestic', { ...project('养老照护免费培训计划', '2015:4-10-01-06'), ...autumn })
  await fileIt(w, 'domestic', filed.planId)
  yield at('2021-09-14', '17:10')
  await draftPlan(w, 'digital', { ...project('数据标注免费培训计划', '2015:4-04-05-05'), ...autumn })
}
