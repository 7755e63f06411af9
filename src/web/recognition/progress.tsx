import type { ApplicationState } from '#modules/recognition/application.schema.ts'
import type { Scheme } from '#policy/plan.types.ts'
import type { Stage } from '#policy/scheme.schema.ts'
import { Process, type ProcessStep } from '../ui/process.tsx'
import { stageWords } from './desk.ts'

const stageOf: Partial<Record<ApplicationState, Stage>> = {
  submitted: 'formal',
  'formal-review': 'formal',
  returned: 'formal',
  recommendation: 'recommendation',
  'expert-review': 'expert',
  'site-visit': 'visit',
  shortlist: 'shortlist',
  shortlisted: 'publicity',
  publicised: 'publicity',
  'objection-held': 'publicity',
  cleared: 'designation',
}

/** Where an application is on its path. */
export function Progress(props: { scheme: Pick<Scheme, 'paths'>; path: string; state: ApplicationState }) {
  const stages = props.scheme.paths.find((one) => one.id === props.path)?.stages ?? []
  const ended = ['rejected', 'not-selected', 'withdrawn'].includes(props.state)
  if (ended) return null
  const all = props.state === 'designated'
  const here = stageOf[props.state]
  const at = here ? stages.indexOf(here) : -1
  const state = (index: number): ProcessStep['state'] => {
    if (all || (at >= 0 && index - 1 < at)) return 'done'
    return index - 1 === at && at >= 0 ? 'now' : 'todo'
  }
  const steps: ProcessStep[] = [
    { title: '填报提交', state: at >= 0 || all ? 'done' : 'now' },
    ...stages.map((stage, index) => ({ title: stageWords[stage] ?? stage, state: state(index + 1) })),
  ]
  return <Process label="办理进度" steps={steps} />
}
