import { redirect } from 'react-router'
import { startApplication, startOwnApplication } from '#modules/recognition/application.commands.ts'
import { callCard } from '#modules/recognition/call.queries.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { recognitionWords, stageWords } from '../../recognition/desk.ts'
import { applicantOf } from '../../recognition/own.ts'
import { SchemeFacts, Undecided } from '../../recognition/parts.tsx'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import type { Route } from './+types/start.ts'

export const meta = () => title('开始申报')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = applicantOf(args)
  const { call, scheme, open } = await callCard(ctx, isId(args.params.callId)).catch(fail(args.request))
  return { area, call, scheme, open }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = applicantOf(args)
  const form = await args.request.formData()
  const given = { ...Object.fromEntries(form), callId: isId(args.params.callId) }
  const work =
    organisationId === null ? startOwnApplication(ctx, given) : startApplication(ctx, { ...given, organisationId })
  const tried = await attempt(work, form, recognitionWords(ctx))
  return tried.ok ? redirect(paths.ownTitle(area, tried.value.applicationId)) : tried.answer
}

export default function Start({ loaderData: { area, call, scheme, open }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={call.title}
        caption={scheme.name}
        crumbs={[{ label: '申报和称号', href: paths.ownTitles(area) }]}
      />
      <div className="stack">
        <LongText>{call.announcement}</LongText>
        <Undecided scheme={scheme} />
        {open && (
          <Section title="开始申报">
            <Form failed={actionData} labels={{ path: '申报方式' }}>
              <RadioGroup
                name="path"
                label="申报方式"
                value={scheme.paths.length === 1 ? (scheme.paths[0]?.id ?? '') : ''}
                options={scheme.paths.map((one) => ({ value: one.id, label: one.label, hint: one.note }))}
              />
              <Button>开始填报</Button>
            </Form>
          </Section>
        )}
        <SchemeFacts scheme={scheme} words={stageWords} />
      </div>
    </>
  )
}
