import { redirect } from 'react-router'
import { enterOwn, enterTeam } from '#modules/competition/entry.commands.ts'
import { consentWords } from '#modules/competition/entry.schema.ts'
import { documentsOf, eventPage, placesOf } from '#modules/competition/event.queries.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { competitionWords } from '../../competition/desk.ts'
import { EventFacts, Places, TypeUndecided } from '../../competition/facts.tsx'
import { entrantOf } from '../../competition/own.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, RadioGroup } from '../../ui/choices.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import type { Route } from './+types/enter.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`报名 ${loaderData?.event.title ?? ''}`)

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = entrantOf(args)
  const { event, type } = await eventPage(ctx, isId(args.params.id), 'public').catch(fail(args.request))
  const documents = await documentsOf(ctx.db, event.id)
  const held = type.groups.filter((one) => event.groups.some((each) => each.id === one.id))
  return {
    ...{ area, event, type, undecided: ctx.plan.undecidedText },
    groups: area === 'my' ? held.filter((one) => one.entry === 'individual') : held,
    places: await placesOf(ctx.db, event.id),
    document: documents.find((one) => one.id === event.documentId) ?? null,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = entrantOf(args)
  const eventId = isId(args.params.id)
  const form = await args.request.formData()
  const given = { ...formObject(form), eventId }
  const work = organisationId === null ? enterOwn(ctx, given) : enterTeam(ctx, { ...given, organisationId })
  const tried = await attempt(work, form, competitionWords(ctx))
  return tried.ok ? redirect(done(paths.ownEntry(area, tried.value.entryId), 'competition-entered')) : tried.answer
}

export default function Enter({ loaderData, actionData }: Route.ComponentProps) {
  const { area, event, type, groups, places, undecided } = loaderData
  const most = Math.max(1, ...groups.map((one) => one.team?.most ?? 1))
  const memberLabels = Object.fromEntries(
    Array.from({ length: most }, (_, at) => [
      [`members.${at}.name`, most > 1 ? `第 ${at + 1} 人姓名` : '姓名'],
      [`members.${at}.documentNumber`, most > 1 ? `第 ${at + 1} 人证件号码` : '证件号码'],
    ]).flat(),
  )
  return (
    <>
      <PageHeader
        title="竞赛报名"
        caption={event.title}
        crumbs={[{ label: '技能竞赛', href: paths.ownCompetitions(area) }]}
      />
      <div className="stack">
        <Places event={event} type={type} places={places} />
        <TypeUndecided type={type} text={undecided} />
        <More label="竞赛公告">
          <EventFacts event={event} type={type} />
        </More>
        <Section title="报名信息">
          <Form
            failed={actionData}
            labels={{
              groupId: '组别',
              consent: '',
              unit: '单位或者学校',
              uscc: '统一社会信用代码',
              team: '队名',
              ...memberLabels,
            }}
          >
            <RadioGroup
              name="groupId"
              label="组别"
              options={groups.map((one) => ({
                value: one.id,
                label: one.label,
                ...(one.team && { hint: `每队 ${one.team.least} 至 ${one.team.most} 人` }),
              }))}
            />
            {area === 'my' ? (
              <>
                <TextField
                  name="unit"
                  label="单位或者学校"
                  maxLength={120}
                  hint="会在成绩公示中出现；没有单位的写“自由职业”"
                />
                <TextField
                  name="uscc"
                  label="单位的统一社会信用代码"
                  optional
                  maxLength={18}
                  hint="填了才能准确核对裁判回避"
                />
              </>
            ) : (
              <>
                {most > 1 && <TextField name="team" label="队名" optional maxLength={60} hint="团体组填写" />}
                {Array.from({ length: most }, (_, at) => at).map((at) => (
                  <fieldset className="panel filters" key={at}>
                    <legend>
                      {most > 1 ? `第 ${at + 1} 人` : '选手'}
                      {at > 0 && <span className="optional">（选填）</span>}
                    </legend>
                    <TextField name={`members.${at}.name`} label="姓名" maxLength={120} optional={at > 0} />
                    <SelectField
                      name={`members.${at}.documentKind`}
                      label="证件类型"
                      value="resident-id"
                      options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
                    />
                    <TextField
                      name={`members.${at}.documentNumber`}
                      label="证件号码"
                      maxLength={60}
                      optional={at > 0}
                      hint="加密保存，不公示"
                    />
                  </fieldset>
                ))}
              </>
            )}
            <Checkbox name="consent" label={consentWords} />
            <Button>报名</Button>
          </Form>
        </Section>
      </div>
    </>
  )
}
