import { randomUUID } from 'node:crypto'
import { redirect } from 'react-router'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import type { Handle } from '../../../handle.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { toVisit, visitOf } from '../../../recognition/visit-desk.ts'
import { VisitForm } from '../../../recognition/visit-form.tsx'
import { VisitKeeper } from '../../../recognition/visit-keeper.tsx'
import { title } from '../../../site.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import type { Route } from './+types/visit.ts'

export const meta = () => title('现场核查')

/** Works where there is no network; with one it works without script too. */
export const handle = { script: true } satisfies Handle

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  const { line, scheme } = await toVisit(ctx, isId(params.id)).catch(fail(request))
  const { id, name, number, organisation } = line
  return {
    line: { id, name, number, organisation },
    scheme: { name: scheme.name, checklist: scheme.checklist },
    today: dayOf(ctx.now),
    clientKey: randomUUID(),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  const form = await request.formData()
  const id = isId(params.id)
  const tried = await attempt(visitOf(ctx, id, form), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.officeTitle(id), 'title-visit')) : tried.answer
}

export default function VisitPage({ loaderData, actionData }: Route.ComponentProps) {
  const { line, scheme, today, clientKey } = loaderData
  return (
    <>
      <PageHeader
        title="现场核查"
        caption={`${scheme.name}　${line.number}`}
        crumbs={[{ label: line.name, href: paths.officeTitle(line.id) }]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '人选或单位', value: line.name },
            { label: '申报单位', value: line.organisation || '本人' },
          ]}
        />
        <Section
          title="核查表"
          description="打开过的这一页没有网络也能填；填好的先存在手机里，有网络时发送，发出后从手机里清除。"
        >
          <VisitForm scheme={scheme} today={today} failed={actionData} clientKey={clientKey}>
            <VisitKeeper
              id={line.id}
              page={paths.titleVisit(line.id)}
              done={done(paths.officeTitle(line.id), 'title-visit')}
            />
          </VisitForm>
        </Section>
      </div>
    </>
  )
}
