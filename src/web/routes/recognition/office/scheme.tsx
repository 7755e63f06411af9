import { redirect } from 'react-router'
import { dryRun } from '#modules/recognition/dry-run.queries.ts'
import { dropSchemeDraft, releaseScheme, writeScheme } from '#modules/recognition/scheme.commands.ts'
import { folderDigest, openDraft, schemeHistory, schemeInForce } from '#modules/recognition/scheme.queries.ts'
import { draftStates } from '#modules/recognition/scheme.schema.ts'
import { changeLines, partLines, placedFaults } from '#modules/recognition/scheme-part.queries.ts'
import { missing } from '#platform/errors.ts'
import { readScheme, schemeText } from '#policy/scheme.text.ts'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { done, paths } from '../../../paths.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { DryRunResult, SchemeChanges, SchemeFaults, SchemePreview } from '../../../recognition/scheme-views.tsx'
import { title } from '../../../site.ts'
import { Actions, Button, DisabledButton } from '../../../ui/button.tsx'
import { FileField } from '../../../ui/choices.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { TextArea } from '../../../ui/fields.tsx'
import { Form } from '../../../ui/form.tsx'
import { instantText } from '../../../ui/format.ts'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More, Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { uploadOf } from '../../../upload.ts'
import type { Route } from './+types/scheme.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.name ?? '认定项目')

const views = {
  edit: '修改',
  raw: '整份文件',
  preview: '预览',
  changes: '改了什么',
  'dry-run': '试算',
  versions: '版本',
} as const
type View = keyof typeof views

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const { code } = params
  const inForce = await schemeInForce(ctx, code)
  if (!inForce) return fail(request)(missing('scheme'))
  const asked = new URL(request.url).searchParams.get('view') ?? 'edit'
  const view = (asked in views ? asked : 'edit') as View
  const draft = (await openDraft(ctx.db, code)) ?? null
  const text = draft?.body ?? schemeText(inForce.scheme)
  const read = readScheme(ctx.plan, code, text)
  return {
    ...{ view, code, text, faults: placedFaults(text, read.faults), scheme: read.scheme },
    ...{ name: inForce.scheme.name, edition: inForce.scheme.edition, source: inForce.source },
    draft: draft && {
      ...{ id: draft.id, version: draft.version, note: draft.note, writtenAt: draft.writtenAt },
      writtenByName: draft.writtenByName,
      mine: draft.writers.includes(ctx.actor.id),
      moved: draft.folderDigest !== folderDigest(inForce.folder),
    },
    parts: partsOf(text),
    changes: view === 'changes' && read.scheme ? changeLines(ctx.plan, inForce.scheme, read.scheme) : [],
    result: view === 'dry-run' && read.scheme ? await dryRun(ctx, inForce.scheme, read.scheme) : null,
    history: view === 'versions' ? await schemeHistory(ctx.db, code) : null,
    may: { manage: ctx.actor.can('recognition.manage'), decide: ctx.actor.can('recognition.decide') },
  }
}

/** Nothing while the file cannot be read at all: then only its text can be mended. */
function partsOf(text: string) {
  try {
    return partLines(JSON.parse(text))
  } catch {
    return null
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const form = await request.formData()
  const given = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'))
  const intent = String(form.get('intent'))
  const write = async () => {
    const file = await uploadOf(form, 'file')
    if (file) given.text = new TextDecoder().decode(file.bytes)
    return writeScheme(ctx, { ...given, scheme: params.code })
  }
  const work =
    intent === 'release' ? releaseScheme(ctx, given) : intent === 'drop' ? dropSchemeDraft(ctx, given) : write()
  const tried = await attempt<unknown>(work, form, recognitionWords(ctx))
  const words = { release: 'scheme-released', drop: 'removed' }[intent] ?? 'saved'
  const view = intent === 'write' ? 'raw' : 'edit'
  return tried.ok ? redirect(done(paths.titleScheme(params.code, view), words)) : tried.answer
}

export default function SchemePage({ loaderData, actionData }: Route.ComponentProps) {
  const { view, code, name, edition, source, draft, faults, scheme, changes, result, history } = loaderData
  return (
    <>
      <PageHeader
        title={name}
        caption={`版本 ${edition}　${source === 'folder' ? '现行文件来自计划文件夹' : '现行文件由平台发布'}`}
        crumbs={[{ label: '认定项目', href: paths.titleSchemes() }]}
        tag={draft && <StatusTag tone="wait">有草稿</StatusTag>}
      />
      <div className="stack">
        <Tabs
          label={name}
          current={paths.titleScheme(code, view)}
          tabs={(Object.keys(views) as View[]).map((one) => ({
            href: paths.titleScheme(code, one),
            label: views[one],
          }))}
        />
        {source === 'released' && (
          <Notice tone="warn" title="平台发布的文件还没有写入计划文件夹">
            <p>
              请<a href={paths.titleSchemeFile(code)}>下载文件</a>，由系统管理员放入计划文件夹的
              schemes，随下一次更新一起上线；文件夹里换了别的内容时，以文件夹为准。
            </p>
          </Notice>
        )}
        {draft?.moved && (
          <Notice tone="warn" title="计划文件夹里的文件已经更新">
            <p>这份草稿是按旧文件写的，不能发布。请作废后按新文件重新修改。</p>
          </Notice>
        )}
        {view !== 'versions' && <SchemeFaults code={code} faults={faults} />}
        {view === 'edit' && <Release data={loaderData} failed={actionData} />}
        {view === 'edit' && <Parts data={loaderData} />}
        {view === 'raw' && <WholeFile data={loaderData} failed={actionData} />}
        {view === 'preview' && scheme && <SchemePreview scheme={scheme} />}
        {view === 'changes' && scheme && <SchemeChanges changes={changes} />}
        {view === 'dry-run' && result && <DryRunResult result={result} />}
        {history && <Versions history={history} />}
      </div>
    </>
  )
}

type EditProps = {
  data: Route.ComponentProps['loaderData']
  failed: Route.ComponentProps['actionData']
}

function Release({ data: { draft, may, faults }, failed }: EditProps) {
  const intent = String(failed?.values?.intent ?? '')
  const of = (name: string) => (name === intent ? failed : undefined)
  if (!draft) return null
  return (
    <Section title="发布" description={`${draft.writtenByName}，${instantText(draft.writtenAt)}：${draft.note}`}>
      {!may.decide ? (
        <DisabledButton reason="由局领导发布。">发布</DisabledButton>
      ) : draft.mine ? (
        <DisabledButton reason="您参与了起草，请由没有参与的局领导发布。">发布</DisabledButton>
      ) : faults.length > 0 ? (
        <DisabledButton reason="文件还有错误，改好后才能发布。">发布</DisabledButton>
      ) : (
        <Form failed={of('release')}>
          <input type="hidden" name="draftId" value={draft.id} />
          <input type="hidden" name="version" value={draft.version} />
          <Button name="intent" value="release">
            发布，以后起草的通知按它办理
          </Button>
        </Form>
      )}
      {may.manage && (
        <More label="作废这份草稿" open={intent === 'drop'}>
          <Form failed={of('drop')}>
            <input type="hidden" name="draftId" value={draft.id} />
            <input type="hidden" name="version" value={draft.version} />
            <Button kind="danger" name="intent" value="drop">
              作废
            </Button>
          </Form>
        </More>
      )}
    </Section>
  )
}

function Parts({ data: { code, parts, may } }: Pick<EditProps, 'data'>) {
  if (!parts)
    return (
      <Notice tone="warn" title="这份草稿现在读不出来">
        <p>
          请在<a href={paths.titleScheme(code, 'raw')}>整份文件</a>里改好，才能分项修改。
        </p>
      </Notice>
    )
  return (
    <Section
      title="分项修改"
      description="每一项保存后记入草稿，由没有参与起草的局领导发布；正在办理的通知保留各自的版本，不受影响。"
    >
      <DataTable
        caption="分项修改"
        rows={parts}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'label',
            header: '分项',
            cell: (row) => (may.manage ? <a href={paths.titleSchemePart(code, row.id)}>{row.label}</a> : row.label),
          },
          { key: 'note', header: '内容', cell: (row) => row.note },
          { key: 'state', header: '现有', keep: true, cell: (row) => row.state || '—' },
        ]}
        empty={null}
      />
      <p>
        <a href={paths.titleSchemeFile(code)}>下载现行文件（JSON）</a>
      </p>
    </Section>
  )
}

function WholeFile({ data: { code, text, draft, may }, failed }: EditProps) {
  return (
    <Section title="整份文件" description={`schemes/${code}.json，给熟悉文件格式的人用；分项修改改的是同一份草稿。`}>
      {may.manage ? (
        <Form
          action={paths.titleScheme(code, 'raw')}
          failed={failed}
          labels={{ text: '文件内容', note: '修改说明', file: '文件' }}
          upload
        >
          <input type="hidden" name="intent" value="write" />
          <input type="hidden" name="version" value={draft?.version ?? 0} />
          <div className="code">
            <TextArea name="text" label="文件内容" value={text} rows={24} hint="改好内容和版本号（edition）后保存" />
          </div>
          <FileField name="file" label="或者上传文件" accept=".json" limit="JSON，上传的替换上面的内容" optional />
          <TextArea name="note" label="修改说明" value={draft?.note ?? ''} rows={2} maxLength={1000} />
          <Actions>
            <Button>保存草稿并检查</Button>
          </Actions>
        </Form>
      ) : (
        <pre className="code">{text}</pre>
      )}
    </Section>
  )
}

function Versions({ history }: { history: NonNullable<Route.ComponentProps['loaderData']['history']> }) {
  return (
    <>
      <Section title="通知用过的版本" description="每份通知起草时固定，以后不变。">
        <DataTable
          caption="通知用过的版本"
          rows={history.used}
          rowKey={(row) => row.id}
          columns={[
            { key: 'edition', header: '版本', keep: true, cell: (row) => row.edition },
            { key: 'at', header: '第一次使用', keep: true, cell: (row) => instantText(row.storedAt) },
            { key: 'calls', header: '通知', end: true, cell: (row) => `${row.calls} 份` },
            { key: 'digest', header: '摘要', cell: (row) => <span className="code">{row.digest.slice(0, 16)}</span> },
          ]}
          empty={<p>还没有通知用过。</p>}
        />
      </Section>
      <Section title="平台上写过的草稿">
        <DataTable
          caption="平台上写过的草稿"
          rows={history.written}
          rowKey={(row) => row.id}
          columns={[
            { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.writtenAt) },
            { key: 'by', header: '起草', cell: (row) => row.writtenByName },
            { key: 'note', header: '说明', cell: (row) => row.note },
            {
              key: 'state',
              header: '结果',
              keep: true,
              cell: (row) => `${draftStates[row.state]}${row.decidedByName ? `（${row.decidedByName}）` : ''}`,
            },
          ]}
          empty={<p>没有。</p>}
        />
      </Section>
    </>
  )
}
