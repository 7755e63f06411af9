import { redirect } from 'react-router'
import { chooseCard } from '#modules/recognition/card.commands.ts'
import { ownCard } from '#modules/recognition/card.queries.ts'
import { designationStates } from '#modules/recognition/designation.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { siteOrigin } from '../../origin.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { designationTones, recognitionWords } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Qr } from '../../ui/qr.tsx'
import { qrPath } from '../../ui/qr-svg.ts'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/card.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.name ?? '扫码展示的内容')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const { holder, scheme, lines, chosen } = await ownCard(ctx, isId(params.id), personId).catch(fail(request))
  return {
    name: scheme.name,
    number: holder.number,
    state: holder.state,
    ended: holder.endedOn !== null,
    options: lines.map(({ id, label, value }) => ({ value: id, label, hint: value })),
    chosen,
    qr: qrPath(`${siteOrigin(request)}${paths.titleHolder(holder.number)}`),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const designationId = isId(params.id)
  const form = await request.formData()
  const tried = await attempt(chooseCard(ctx, { ...formObject(form), designationId }), form, recognitionWords(ctx))
  return tried.ok ? redirect(done(paths.ownCard(designationId), 'card-chosen')) : tried.answer
}

export default function Card({ loaderData, actionData }: Route.ComponentProps) {
  const { name, number, state, ended, options, chosen, qr } = loaderData
  return (
    <>
      <PageHeader
        title={name}
        caption={number}
        crumbs={[{ label: '申报和聘任', href: paths.ownTitles('my') }]}
        tag={<StatusTag tone={designationTones[state]}>{designationStates[state]}</StatusTag>}
        actions={<LinkButton href={paths.titleHolder(number)}>看别人扫码看到什么</LinkButton>}
      />
      <div className="stack">
        <Qr code={qr} label={`扫码查验 ${number}`} />
        {ended ? (
          <Notice tone="warn" title="证已失效">
            <p>扫码的人会看到已失效，不能再更改展示的内容。</p>
          </Notice>
        ) : (
          <Section title="别人扫码能看到什么">
            <p>编号和是否有效一定会展示，便于住户查验。其余的由您决定，随时可以更改。</p>
            <Form failed={actionData} labels={{ items: '展示的内容' }}>
              <CheckboxGroup name="items" label="展示下面的内容" optional options={options} value={chosen} />
              <Button>保存</Button>
            </Form>
          </Section>
        )}
      </div>
    </>
  )
}
