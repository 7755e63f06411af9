import { providerPage } from '#modules/assessment/provider.queries.ts'
import { organisationTypes } from '#modules/people/organisation.schema.ts'
import { current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { isId } from '../params.ts'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/provider.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.found.name ?? '机构')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const found = await providerPage(ctx, isId(params.id)).catch(fail(request))
  return { found, place: ctx.plan.subdistricts.find(({ code }) => code === found.subdistrict)?.name ?? '' }
}

const licenceKinds: Record<string, string> = {
  'school-permit': '办学许可',
  filing: '备案',
  'own-staff': '培训本单位职工',
}

export default function Provider({ loaderData: { found, place } }: Route.ComponentProps) {
  const scope = found.licences.some(({ any }) => any)
    ? '不限职业'
    : [...new Set(found.licences.flatMap(({ occupations }) => occupations))].join('、')
  return (
    <PageBody>
      <PageHeader
        title={found.name}
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '机构名单', href: paths.providers() },
        ]}
        caption={organisationTypes[found.type]}
        tag={
          found.status === 'active' ? (
            <StatusTag tone="good">正常</StatusTag>
          ) : (
            <StatusTag tone="bad">{found.status === 'suspended' ? '暂停开班' : '已停办'}</StatusTag>
          )
        }
      />
      <div className="stack">
        {found.status === 'suspended' && (
          <Notice tone="warn" title="这家机构已被暂停开班">
            <p>已经在上的课以机构通知为准；暂停期间不要向它报名或交费。</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            { label: '地址', value: `${place} ${found.address}` },
            { label: '能教的职业', value: scope || <StatusTag tone="warn">没有在有效期内的证照</StatusTag> },
            { label: '登记日期', value: dayText(found.registeredOn) },
            { label: '已办完的班', value: `${found.finishedClasses} 个` },
            {
              label: '考核合格率',
              value: found.passRate ? `${found.passRate.percent}%` : '参加考核的人数不足，不公布',
              note: found.passRate ? `共 ${found.passRate.assessed} 人参加考核` : undefined,
            },
          ]}
        />
        <Section title="证照">
          <DataTable
            caption="证照"
            rows={found.allLicences}
            rowKey={(row) => `${row.number}-${row.validFrom}`}
            columns={[
              { key: 'number', header: '编号', cell: (row) => row.number },
              { key: 'kind', header: '种类', cell: (row) => licenceKinds[row.kind] ?? row.kind },
              { key: 'issuer', header: '发证机关', cell: (row) => row.issuer },
              {
                key: 'valid',
                header: '有效期',
                cell: (row) => `${dayText(row.validFrom)}至${row.validTo ? dayText(row.validTo) : '长期'}`,
              },
              {
                key: 'state',
                header: '现在',
                keep: true,
                cell: (row) =>
                  row.inForce ? <StatusTag tone="good">有效</StatusTag> : <StatusTag tone="warn">不在有效期</StatusTag>,
              },
            ]}
            empty={<EmptyState title="没有登记证照">没有证照的机构不能开补贴培训班。</EmptyState>}
          />
        </Section>
        <Section
          title={`正在报名的班（${found.openClasses}）`}
          {...(found.openClasses > found.classes.length && {
            more: { href: paths.classes({ q: found.name }), label: '全部' },
          })}
        >
          <DataTable
            caption="正在报名的班"
            rows={found.classes}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '班级', cell: (row) => <a href={paths.class(row.id)}>{row.title}</a> },
              { key: 'when', header: '时间', cell: (row) => `${dayText(row.startsOn)}至${dayText(row.endsOn)}` },
              { key: 'hours', header: '课时', end: true, cell: (row) => row.classHours },
              { key: 'left', header: '余额', end: true, cell: (row) => `${Math.max(row.capacity - row.taken, 0)} 人` },
            ]}
            empty={
              <EmptyState
                icon="calendar"
                title="眼下没有正在报名的班"
                action={{ href: paths.classes(), label: '看其他机构的班' }}
              />
            }
          />
        </Section>
        <p className="soft">
          发现收费、虚假开班、替签到的，<a href={paths.reportProblem(found.name)}>在这里举报</a>。
        </p>
      </div>
    </PageBody>
  )
}
