import { redirect } from 'react-router'
import { startEvent } from '#modules/competition/filing.commands.ts'
import { competitionWords } from '../../competition/desk.ts'
import { entrantOf } from '../../competition/own.ts'
import { attempt } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/new.ts'

export const meta = () => title('申请办赛')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = entrantOf(args, 'competition.host')
  return {
    area,
    types: ctx.plan.competitions.map(({ code, name, summary }) => ({ value: code, label: name, hint: summary })),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = entrantOf(args, 'competition.host')
  const form = await args.request.formData()
  const work = startEvent(ctx, { ...Object.fromEntries(form), organisationId })
  const tried = await attempt(work, form, competitionWords(ctx))
  return tried.ok ? redirect(paths.hostedCompetition(area, tried.value.eventId)) : tried.answer
}

export default function NewCompetition({ loaderData: { area, types }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="申请办赛"
        lead="先选竞赛类型，再填竞赛方案。类型决定轮次、模块、奖项比例和同分先后。"
        crumbs={[{ label: '技能竞赛', href: paths.ownCompetitions(area) }]}
      />
      <Form failed={actionData} labels={{ type: '竞赛类型', title: '竞赛名称' }}>
        <RadioGroup name="type" label="竞赛类型" options={types} />
        <TextField name="title" label="竞赛名称" width="full" maxLength={120} />
        <Button>下一步，填写方案</Button>
      </Form>
    </>
  )
}
