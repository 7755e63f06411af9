import { redirect } from 'react-router'
import { writeScheme } from '#modules/recognition/scheme.commands.ts'
import { choicesOf, placedFaults, placeOf, textAfter, writing } from '#modules/recognition/scheme-part.queries.ts'
import { blankEntry, calledBy, entriesOf, entryAt, steps } from '#modules/recognition/scheme-part.rules.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { readScheme } from '#policy/scheme.text.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { done, paths } from '../../../paths.ts'
import { figureText } from '../../../plan/words.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { SchemeBox } from '../../../recognition/scheme-boxes.tsx'
import { EntryList } from '../../../recognition/scheme-entries.tsx'
import { FaultsHere } from '../../../recognition/scheme-views.tsx'
import { title } from '../../../site.ts'
import { Actions, Button, LinkButton } from '../../../ui/button.tsx'
import { TextArea } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { formValues } from '../../../ui/form-values.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More, Section } from '../../../ui/section.tsx'
import type { Route } from './+types/scheme-part.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.heading ?? '认定项目')

export async function loader({ request, context, params: { code, part: id } }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  const at = await writing(ctx, code).catch(fail(request))
  const asked = new URL(request.url).searchParams
  const place = await Promise.resolve()
    .then(() => (at.json === null ? Promise.reject(missing('scheme-part')) : placeOf(at.json, id, asked)))
    .catch(fail(request))
  const { part, of } = place
  const kinds = part.shape === 'list' ? (part.kinds?.words ?? null) : null
  const kind = kinds && Object.hasOwn(kinds, asked.get('kind') ?? '') ? asked.get('kind') : null
  const adding = part.shape === 'list' && place.at === null && asked.has('new')
  const listing = part.shape === 'list' && place.at === null && !adding
  const entry = adding ? blankEntry(at.json, place, kind) : (entryAt(at.json, place) ?? null)
  const entries = listing ? entriesOf(at.json, place).map((one) => calledBy(part, one)) : []
  const figure = await figuresFor(ctx)
  const today = (figureId: string) => {
    const found = figure(figureId, dayOf(ctx.now))
    return figureText(found.value, found.unit, ctx.plan.undecidedText)
  }
  const faults = placedFaults(at.text, readScheme(ctx.plan, code, at.text).faults)
  const outer = of === null ? null : String((at.json as { fields: { label?: unknown }[] }).fields[of]?.label ?? '')
  const name = listing || part.shape === 'one' ? part.label : adding ? `增加${part.label}` : calledBy(part, entry)
  return {
    ...{ code, id, of, at: place.at, kind, kinds, adding, listing, entry, entries, outer },
    ...{ label: part.label, about: part.note, base: at.base, version: at.version, note: at.draft?.note ?? '' },
    scheme: at.inForce.name,
    heading: name,
    columns: part.id === 'fields' && (entry as { kind?: unknown } | null)?.kind === 'table',
    nullable: part.shape === 'one' && part.nullable === true && entry !== null,
    faults: faults.filter((one) => one.spot.part === id && one.spot.of === of && (listing || one.spot.at === place.at)),
    cells: listing
      ? []
      : part.cells(entry).map((cell) => ({ ...cell, choices: choicesOf(ctx.plan, at.json, cell.source, today) })),
  }
}

export async function action({ request, context, params: { code, part: id } }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  const form = await request.formData()
  const asked = new URL(request.url).searchParams
  const intent = String(form.get('intent'))
  const [wanted, row] = intent.split(':')
  const step = steps.find((one) => one === wanted) ?? 'save'
  if (row !== undefined) asked.set('at', row)
  const work = async () => {
    const at = await writing(ctx, code)
    const place = placeOf(at.json, id, asked)
    const made = textAfter(ctx.plan, code, at, {
      ...{ place, step, kind: asked.get('kind') },
      given: formValues(form),
    })
    await writeScheme(ctx, { scheme: code, version: at.version, ...made })
    return place
  }
  const tried = await attempt(work(), form, recognitionWords(ctx))
  if (!tried.ok) return tried.answer
  const { part, of } = tried.value
  const back = part.shape === 'one' ? paths.titleScheme(code) : paths.titleSchemePart(code, id, { of: of ?? undefined })
  return redirect(done(back, step === 'remove' ? 'removed' : 'saved'))
}

export default function SchemePart({ loaderData: data, actionData: failed }: Route.ComponentProps) {
  const { code, id, of, at, kind, kinds, adding, listing, heading, outer } = data
  const list = paths.titleSchemePart(code, id, { of: of ?? undefined })
  const hidden = <input type="hidden" name="base" value={data.base} />
  const crumbs = [
    { label: '认定项目', href: paths.titleSchemes() },
    { label: data.scheme, href: paths.titleScheme(code) },
    ...(outer !== null ? [{ label: outer, href: paths.titleSchemePart(code, 'fields', { at: of ?? 0 }) }] : []),
    ...(listing || (at === null && !adding) ? [] : [{ label: data.label, href: list }]),
  ]
  return (
    <>
      <PageHeader title={heading} caption={outer === null ? data.about : `${outer}：${data.about}`} crumbs={crumbs} />
      <div className="stack">
        <FaultsHere faults={data.faults} />
        {listing ? (
          <EntryList data={data} failed={failed} hidden={hidden} list={list} />
        ) : adding && kinds && !kind ? (
          <Section title={id === 'eligibility' ? '这一条看什么' : '要填的是什么'}>
            <ul className="list-disc ps-5">
              {Object.entries(kinds).map(([value, words]) => (
                <li key={value}>
                  <a href={paths.titleSchemePart(code, id, { of: of ?? undefined, new: 1, kind: value })}>{words}</a>
                </li>
              ))}
            </ul>
          </Section>
        ) : (
          <>
            {data.columns && !adding && (
              <p>
                <a href={paths.titleSchemePart(code, 'columns', { of: at ?? 0 })}>修改这张表格的列</a>
              </p>
            )}
            <Form failed={failed} labels={Object.fromEntries(data.cells.map((cell) => [`c.${cell.name}`, '']))}>
              {hidden}
              {data.cells.some((cell) => cell.source === 'figures') && (
                <p className="hint">带数值的各项只选用哪一个参数；数值本身在“参数与待定事项”里改。</p>
              )}
              {data.cells.map((cell) => (
                <SchemeBox key={cell.name} cell={cell} entry={data.entry} />
              ))}
              <TextArea
                name="note"
                label="修改说明"
                value={data.note}
                rows={2}
                maxLength={1000}
                hint="写给发布的局领导看；不写时由系统写明改了哪一项"
                optional
              />
              <Actions>
                <Button name="intent" value="save">
                  保存到草稿
                </Button>
                <LinkButton href={at !== null || adding ? list : paths.titleScheme(code)}>返回</LinkButton>
              </Actions>
            </Form>
            {(at !== null || data.nullable) && (
              <More label="删去">
                <Form>
                  {hidden}
                  <Button kind="danger" name="intent" value="remove">
                    删去“{heading}”
                  </Button>
                </Form>
              </More>
            )}
          </>
        )}
      </div>
    </>
  )
}
