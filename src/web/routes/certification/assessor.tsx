import { redirect } from 'react-router'
import {
  addExaminer,
  addRoom,
  addSite,
  decideAssessor,
  decideScope,
  decideSite,
  endScope,
  proposeAssessor,
  proposeScope,
} from '#modules/certification/assessor.commands.ts'
import { assessorPage } from '#modules/certification/assessor.queries.ts'
import { assessorKinds, examinerRoles, examParts, filingStates } from '#modules/certification/assessor.schema.ts'
import { decideLift, proposeLift } from '#modules/certification/stop.commands.ts'
import { occupationOptions } from '#modules/occupations/catalogue.queries.ts'
import {
  CodesForm,
  DecisionForm,
  ExaminerForm,
  RoomForm,
  ScopeForm,
  SiteForm,
} from '../../certification/assessor-forms.tsx'
import { certificationWords, filingTones } from '../../certification/desk.ts'
import { Stops } from '../../certification/stops.tsx'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ofForm } from '../../recognition/desk.ts'
import { title } from '../../site.ts'
import { areaAt, levelLabel, workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField } from '../../ui/fields.tsx'
import { dayText } from '../../ui/format.ts'
import { IntentForm } from '../../ui/intent-form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/assessor.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.organisation.name ?? '等级认定机构')

/** The organisation's own page, or the desk's page of one organisation. */
function whose(args: Pick<Route.LoaderArgs, 'request' | 'context' | 'params'>) {
  if (areaAt(args.request) !== 'office') return workOf(args, 'certification.plan')
  const { ctx } = signedIn(args, 'casework.read')
  return { ctx, area: 'office' as const, organisationId: isId((args.params as { id?: string }).id) }
}

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = whose(args)
  const page = await assessorPage(ctx, organisationId).catch(fail(args.request))
  const may = { manage: ctx.actor.can('certification.manage'), approve: ctx.actor.can('certification.approve') }
  const desk = area === 'office' && may.manage
  return {
    ...page,
    area,
    desk,
    own: area !== 'office',
    may: area === 'office' ? may : { manage: false, approve: false },
    me: ctx.actor.hand.id,
    scopes: page.scopes.map((one) => ({ ...one, label: levelLabel(ctx.plan, one.level, one.levelScheme) })),
    occupations: desk ? (await occupationOptions(ctx.db)).map(({ value, label }) => ({ value, label })) : [],
    levels: ctx.plan.levelSchemes
      .filter((scheme) => scheme.id !== 'COMPLETION')
      .flatMap((scheme) => scheme.levels.map((one) => ({ value: one.code, label: `${one.label}（${scheme.label}）` })))
      .filter((one, at, all) => all.findIndex((other) => other.value === one.value) === at),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = whose(args)
  const form = await args.request.formData()
  const intents = {
    ...{
      assessor: proposeAssessor,
      'decide-assessor': decideAssessor,
      scope: proposeScope,
      'decide-scope': decideScope,
    },
    ...{ 'end-scope': endScope, site: addSite, room: addRoom, 'decide-site': decideSite, examiner: addExaminer },
    ...{ lift: proposeLift, 'decide-lift': decideLift },
  } as const
  const intent = String(form.get('intent')) as keyof typeof intents
  const { given, named } = ofForm(form, intent)
  const work = named<unknown>((intents[intent] ?? proposeAssessor)(ctx, { ...given, organisationId }))
  const tried = await attempt(work, form, certificationWords(ctx))
  const back = area === 'office' ? paths.officeAssessor(organisationId) : paths.ownAssessor(area)
  return tried.ok ? redirect(done(back, intent === 'lift' ? 'lift-proposed' : 'saved')) : tried.answer
}

export default function AssessorPage({ loaderData, actionData }: Route.ComponentProps) {
  const { organisation, assessor, stops, area, desk, own, may, me } = loaderData
  return (
    <>
      <PageHeader
        title={own ? '范围、考点和考评员' : organisation.name}
        caption={own ? organisation.name : '职业技能等级认定机构'}
        crumbs={
          own
            ? [{ label: '认定批次', href: paths.assessmentBatches(area) }]
            : [{ label: '等级认定机构和批次', href: paths.officeAssessors() }]
        }
        {...(assessor && {
          tag: <StatusTag tone={filingTones[assessor.state]}>{filingStates[assessor.state]}</StatusTag>,
        })}
      />
      <div className="stack">
        <Stops stops={stops} area={area} may={may} me={me} failed={actionData} />
        <Section title="机构编码" description="证书编号的前 13 位由它组成，按省级备案登记。">
          {assessor && assessor.state !== 'rejected' ? (
            <>
              <SummaryList
                rows={[
                  { label: '类别', value: assessorKinds[assessor.kind] },
                  {
                    label: '编码',
                    value: (
                      <Copyable>{`${assessor.kind}${assessor.filingCode}${assessor.province}${assessor.serial}`}</Copyable>
                    ),
                    note: '类别 1 位、机构代码 4 位、省 2 位、序列码 6 位',
                  },
                  { label: '备案编号', value: assessor.filingNo },
                  {
                    label: '区登记',
                    value: <a href={paths.titleHolder(assessor.designation)}>{assessor.designation}</a>,
                    note: assessor.titled ? '' : '登记已经结束，不能再组织认定',
                  },
                  {
                    label: '经办',
                    value: `${assessor.proposedByName}登记，${assessor.decidedByName ? `${assessor.decidedByName}核准` : '等待另一人核准'}`,
                  },
                ]}
              />
              {assessor.state === 'proposed' && may.approve && assessor.proposedBy !== me && (
                <DecisionForm intent="decide-assessor" about={{}} failed={actionData} />
              )}
            </>
          ) : desk ? (
            <CodesForm failed={actionData} />
          ) : (
            <EmptyState title="还没有登记机构编码">由区人社局按省级备案登记。</EmptyState>
          )}
        </Section>
        <Scopes data={loaderData} failed={actionData} />
        <Sites data={loaderData} failed={actionData} />
        <Section title="考评员和督导员">
          <DataTable
            caption="考评员和督导员"
            rows={loaderData.examiners}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '姓名', cell: (row) => row.name },
              { key: 'role', header: '角色', cell: (row) => examinerRoles[row.role] },
              { key: 'card', header: '证件编号', keep: true, cell: (row) => row.cardNo },
              { key: 'to', header: '有效期至', keep: true, cell: (row) => (row.validTo ? dayText(row.validTo) : '—') },
            ]}
            empty={<EmptyState icon="people" title="还没有登记" />}
          />
          {own && <ExaminerForm failed={actionData} />}
        </Section>
      </div>
    </>
  )
}

type Part = { data: Route.ComponentProps['loaderData']; failed: Route.ComponentProps['actionData'] }

function Scopes({ data, failed }: Part) {
  const { scopes, assessor, desk, may, me } = data
  return (
    <Section title="认定范围" description="按考试那一天看；结束以后，以前考过的批次照旧有效。">
      <DataTable
        caption="认定范围"
        rows={scopes}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'title',
            header: '职业和等级',
            cell: (row) => `${row.title}（${row.edition}年版 ${row.code}）${row.label}`,
          },
          { key: 'parts', header: '考核', cell: (row) => row.parts.map((one) => examParts[one]).join('、') },
          {
            key: 'conditions',
            header: '申报条件',
            cell: (row) => row.conditions.map((one) => one.text).join('；'),
          },
          {
            key: 'days',
            header: '有效期',
            cell: (row) => `${dayText(row.from)}起${row.to ? `，至${dayText(row.to)}` : ''}`,
          },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => <StatusTag tone={filingTones[row.state]}>{filingStates[row.state]}</StatusTag>,
          },
          ...(may.approve
            ? [
                {
                  key: 'do',
                  header: '办理',
                  cell: (row: (typeof scopes)[number]) =>
                    row.state === 'proposed' && row.proposedBy !== me ? (
                      <DecisionForm intent="decide-scope" about={{ scopeId: row.id }} failed={failed} />
                    ) : row.state === 'in-force' ? (
                      <More label="结束">
                        <IntentForm intent="end-scope" failed={failed} about={{ scopeId: row.id }}>
                          <DateField name="end-scope-lastDay" label={`最后一天（${row.title}${row.label}）`} />
                          <Button kind="quiet">结束这项范围</Button>
                        </IntentForm>
                      </More>
                    ) : (
                      '—'
                    ),
                },
              ]
            : []),
        ]}
        empty={<EmptyState title="还没有登记范围" />}
      />
      {desk && assessor?.state === 'in-force' && (
        <ScopeForm failed={failed} occupations={data.occupations} levels={data.levels} />
      )}
    </Section>
  )
}

function Sites({ data, failed }: Part) {
  const { sites, own, may, me } = data
  return (
    <Section title="考点和考场" description="由机构登记，区人社局现场核查后核准。">
      <DataTable
        caption="考点"
        rows={sites}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', header: '考点', cell: (row) => `${row.name}（${row.address}）` },
          {
            key: 'tenure',
            header: '场地',
            cell: (row) => (row.tenure === 'owned' ? '自有' : `租赁，至${row.leasedTo ? dayText(row.leasedTo) : ''}`),
          },
          {
            key: 'rooms',
            header: '考场',
            cell: (row) =>
              row.rooms
                .map((one) => `${one.name}：${examParts[one.part]} ${one.seats}个${one.video ? '' : '（无录像）'}`)
                .join('；') || '还没有登记',
          },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => <StatusTag tone={filingTones[row.state]}>{filingStates[row.state]}</StatusTag>,
          },
          ...(may.manage
            ? [
                {
                  key: 'do',
                  header: '办理',
                  cell: (row: (typeof sites)[number]) =>
                    row.state === 'proposed' && row.proposedBy !== me ? (
                      <DecisionForm intent="decide-site" about={{ siteId: row.id }} failed={failed} inspected />
                    ) : (
                      '—'
                    ),
                },
              ]
            : []),
        ]}
        empty={<EmptyState icon="building" title="还没有登记考点" />}
      />
      {own && (
        <>
          <SiteForm failed={failed} />
          <RoomForm failed={failed} sites={sites} />
        </>
      )}
    </Section>
  )
}
