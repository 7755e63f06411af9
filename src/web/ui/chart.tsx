import type { RenderedChart } from './chart-svg.ts'
import { More } from './section.tsx'

/** A picture of numbers with the numbers themselves one click below. `chart` comes from `renderChart` in the loader. */
export function Chart({ chart }: { chart: RenderedChart }) {
  return (
    <figure className="chart panel">
      <figcaption>
        {chart.title}
        {chart.note && <span className="note">　{chart.note}</span>}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone the drawing scrolls sideways */}
      <section className="drawing" tabIndex={0} aria-label={`${chart.title}（图）`}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: drawn by our own server from numbers */}
        <div role="img" aria-label={`${chart.title}，数据见下表`} dangerouslySetInnerHTML={{ __html: chart.svg }} />
      </section>
      <More label="看数据表">
        <div className="table-box">
          <table className="grid-table">
            <caption>
              {chart.title}（{chart.unit}）
            </caption>
            <thead>
              <tr>
                <td />
                {chart.series.map((series) => (
                  <th key={series.name} scope="col" className="end">
                    {series.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {chart.categories.map((category, row) => (
                <tr key={category}>
                  <th scope="row">{category}</th>
                  {chart.series.map((series) => (
                    <td key={series.name} className="end">
                      {series.values[row]?.toLocaleString('zh-CN') ?? '无数据'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </More>
    </figure>
  )
}
