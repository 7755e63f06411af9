import { redirect } from 'react-router'
import { draftClaim } from '#modules/subsidy/claim.commands.ts'
import { claimableClasses, claimsOf } from '#modules/subsidy/claim.queries.ts'
import { type ClaimState, claimStates } from '#modules/subsidy/claim.schema.ts'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { claimTones, subsidyWords } from '../../subsidy/desk.ts'
import { programmeName, workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/claims.ts'

export const meta = () => title('补贴申领')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'organisation.read')
  const asked = new URL(args.request.url).searchParams
  const wanted = asked.get('state') ?? ''
  const state = wanted in claimStates ? (wanted as ClaimState) : undefined
  const claims = await claimsOf(ctx.db, organisationId, { state, cursor: asked.get('after') ?? undefined })
  const named = <T extends { programme: string }>(row: T) => ({
    ...row,
    programmeName: programmeName(ctx.plan, row.programme),
  })
  const may = ctx.actor.can('claim.prepare', { organisationId })
  const claimable = may ? await claimableClasses(ctx.db, organisationId) : []
  return {
    area,
    may,
    state: state ?? '',
    claimable: claimable.map(named),
    claims: { ...claims, rows: claims.rows.map(named) },
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'claim.prepare')
  const form = await args.request.formData()
  const tried = await attempt(draftClaim(ctx, { classId: form.get('classId') }), form, subsidyWords(ctx))
  return tried.ok ? redirect(done(paths.claim(area, tried.value.claimId), 'claim-drafted')) : tried.answer
}

export default function Claims({ loaderData, actionData }: Route.ComponentProps) {
  const { area, may, claimable, claims, state } = loaderData
  return (
    <>
      <PageHeader title="补贴申领" lead="金额由平台按签到和考核记录逐人计算，不用填写。" />
      {may && (
        <Section title="可以申领的班级" description="已结业、还没有申领的班级。生成后先是草稿，核对无误再提交。">
          <Form failed={actionData}>
            <DataTable
              caption={`可以申领的班级，共 ${claimable.length} 个`}
              rows={claimable}
              rowKey={(row) => row.id}
              columns={[
                { key: 'title', header: '班级', cell: (row) => <a href={paths.orgClass(area, row.id)}>{row.title}</a> },
                { key: 'number', header: '班号', keep: true, cell: (row) => row.number },
                { key: 'programme', header: '项目', cell: (row) => row.programmeName },
                { key: 'persons', header: '合格人数', end: true, cell: (row) => row.persons },
                { key: 'quote', header: '预计金额', cell: (row) => <a href={paths.quote(area, row.id)}>查看</a> },
                {
                  key: 'act',
                  header: '办理',
                  cell: (row) => (
                    <Button kind="plain" name="classId" value={row.id}>
                      生成申领
                    </Button>
                  ),
                },
              ]}
              empty={
                <EmptyState icon="check" title="没有等待申领的班级">
                  班级完成全部课程、考核并结业后，会出现在这里。
                </EmptyState>
              }
            />
          </Form>
        </Section>
      )}
      <Section title="已有的申领">
        <FilterBar label="筛选申领" action={paths.claims(area)} values={{ state }}>
          <SelectField
            name="state"
            label="状态"
            optional
            placeholder="全部"
            options={Object.entries(claimStates).map(([value, label]) => ({ value, label }))}
          />
        </FilterBar>
        <DataTable
          caption="申领"
          rows={claims.rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '申领编号',
              keep: true,
              cell: (row) => <a href={paths.claim(area, row.id)}>{row.number}</a>,
            },
            { key: 'class', header: '班级', cell: (row) => row.classTitle },
            { key: 'programme', header: '项目', cell: (row) => row.programmeName },
            { key: 'persons', header: '人数', end: true, cell: (row) => row.persons },
            { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={claimTones[row.state]}>{claimStates[row.state]}</StatusTag>,
            },
            {
              key: 'at',
              header: '提交时间',
              keep: true,
              cell: (row) => (row.submittedAt ? instantText(row.submittedAt) : '未提交'),
            },
          ]}
          empty={<EmptyState icon="money" title={state ? '没有这种状态的申领' : '还没有申领'} />}
        />
        <Pagination
          shown={claims.rows.length}
          next={claims.next && paths.claims(area, { state, after: claims.next })}
        />
      </Section>
    </>
  )
}
