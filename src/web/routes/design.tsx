import { sampleRows } from '../gallery/samples.ts'
import { Messages, Overview, Words } from '../gallery/text.tsx'
import { Forms, TableSample, Tables } from '../gallery/work.tsx'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Chart } from '../ui/chart.tsx'
import { renderChart } from '../ui/chart-svg.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Qr } from '../ui/qr.tsx'
import { qrPath } from '../ui/qr-svg.ts'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Route } from './+types/design.ts'

export const meta = () => title('界面样例')

/** Everything the kit has, in every state, on one page: for eyes, for axe, and for whoever writes the next page. */
export function loader(_: Route.LoaderArgs) {
  return {
    rows: sampleRows(8),
    qr: qrPath('https://hzpx.invalid/certificates/S000044010521000001'),
    months: renderChart({
      title: '每月补贴性培训人次',
      unit: '人次',
      note: '按结业日期',
      categories: ['1月', '2月', '3月', '4月', '5月', '6月'],
      series: [
        { name: '2021年', values: [2103, 1480, 3920, 4105, 4388, 5012] },
        { name: '2020年', values: [410, 120, 1820, 2506, 3111, 3602], kind: 'line' },
      ],
      target: { name: '月均目标', value: 3600 },
    }),
    groups: renderChart({
      title: '各重点群体完成数',
      unit: '人次',
      categories: ['登记失业人员', '农村转移就业劳动者', '残疾人', '退役军人', '高校毕业生'],
      series: [{ name: '完成', values: [4120, 3308, 412, 286, 1904] }],
      sideways: true,
    }),
  }
}

export default function Design({ loaderData }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="界面样例"
        caption="编号 HZ-UI"
        crumbs={[{ label: '首页', href: paths.home() }]}
        tag={<StatusTag tone="info">内部参考</StatusTag>}
        lead="每种构件的各种状态。内容均为虚构。"
      />
      <div className="stack">
        <Overview />
        <Words />
        <Messages />
        <Tables rows={loaderData.rows} />
        <TableSample rows={[]} />
        <Forms />
        <Section title="图表">
          <div className="two-columns">
            <Chart chart={loaderData.months} />
            <Chart chart={loaderData.groups} />
          </div>
        </Section>
        <Section title="二维码">
          <Qr code={loaderData.qr} label="扫码查验证书" />
        </Section>
      </div>
    </PageBody>
  )
}
