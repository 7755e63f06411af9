import type { FigureValue } from '#policy/figures.ts'
import type { Plan, Programme } from '#policy/plan.types.ts'

const exclusions = {
  budgetedStaff: '机关事业单位在编人员',
  fullTimeStudent: '全日制在校学生',
  pensioner: '已领取养老金的人员',
} as const

/** Who may join a programme, in one line for lists. */
export function whoMayJoin(plan: Plan, programme: Programme | undefined): string {
  if (!programme) return '请向培训机构询问'
  const { groups } = programme.traineeRules
  if (groups === 'any') return programme.undertaker.mode === 'employer' ? '本单位职工' : '各类劳动者'
  return groups.map((id) => plan.groups.find((group) => group.id === id)?.label ?? id).join('、')
}

/** Who may not, in one sentence. */
export function whoMayNot(programme: Programme | undefined): string | null {
  const names = programme?.traineeRules.exclusions.map((one) => exclusions[one]) ?? []
  return names.length > 0 ? `${names.join('、')}不能参加补贴培训` : null
}

/** The least age with what it rests on; an age nobody has laid down is said to be so. */
export function ageText(plan: Plan, age: FigureValue): string {
  if (age.value === null) return `年龄要求：${plan.undecidedText}`
  return age.decided ? `开班时年满${age.value}周岁` : `开班时年满${age.value}周岁（${plan.undecidedText}，暂按此办理）`
}
