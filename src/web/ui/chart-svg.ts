import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components'
import { type EChartsCoreOption, init, setPlatformAPI, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { recent } from '../recent.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer])

/** No canvas here to measure with: a Chinese character is as wide as it is high, others a little over half. */
setPlatformAPI({
  measureText(text, font) {
    const size = Number(font?.match(/([\d.]+)px/)?.[1] ?? 12)
    let width = 0
    for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x2e7f ? size : size * 0.58
    return { width }
  },
})

export type ChartSeries = { name: string; values: (number | null)[]; kind?: 'bar' | 'line' }
export type ChartSpec = {
  title: string
  unit: string
  note?: string
  categories: string[]
  series: ChartSeries[]
  /** A level to reach, drawn as a dashed line with its name. */
  target?: { name: string; value: number }
  /** Bars from left to right, for long names. */
  sideways?: boolean
}
export type RenderedChart = ChartSpec & { svg: string }

/** Told apart by lightness and by pattern of the line, not by hue alone. */
const colours = ['#0b5468', '#c98a1b', '#6f848d', '#7fb7c4']
const font = 'PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans SC, sans-serif'

const drawn = recent<string>(200)

/**
 * Draws in the loader, on the server; the browser gets an image that needs no script. The same numbers draw the same
 * picture, so it is drawn once: a picture costs as much processor time as ten pages.
 */
export function renderChart(spec: ChartSpec): RenderedChart {
  return { ...spec, svg: drawn(JSON.stringify(spec), () => draw(spec)) }
}

function draw(spec: ChartSpec): string {
  const height = spec.sideways ? 70 + spec.categories.length * 36 : 320
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 560, height })
  chart.setOption(optionOf(spec))
  const svg = withoutStyleAttributes(chart.renderToSVGString({ useViewBox: true }))
  chart.dispose()
  return svg
}

/** Our content policy forbids `style` attributes, so `style="font-size:14px"` becomes `font-size="14px"`. */
function withoutStyleAttributes(svg: string) {
  return svg.replace(/<style[\s\S]*?<\/style>/g, '').replace(/ style="([^"]*)"/g, (_, style: string) =>
    style
      .split(';')
      .map((declaration) => declaration.split(':').map((side) => side.trim()))
      .filter(([name, value]) => name && value)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join(''),
  )
}

function optionOf(spec: ChartSpec): EChartsCoreOption {
  const label = { color: '#475a63', fontSize: 14, fontFamily: font }
  const names = { type: 'category', data: spec.categories, axisLabel: label, axisTick: { show: false } }
  const values = {
    type: 'value',
    name: spec.sideways ? '' : spec.unit,
    nameTextStyle: label,
    axisLabel: label,
    splitLine: { lineStyle: { color: '#dbe3e6' } },
    ...(spec.target && { max: reaches(spec.target.value) }),
  }
  return {
    animation: false,
    color: colours,
    textStyle: { fontFamily: font },
    grid: {
      left: 4,
      right: spec.sideways ? 48 : 12,
      top: spec.series.length > 1 ? 56 : 36,
      bottom: 4,
      outerBoundsMode: 'same',
    },
    ...(spec.series.length > 1 && { legend: { top: 0, left: 0, icon: 'rect', itemWidth: 14, textStyle: label } }),
    xAxis: spec.sideways ? values : names,
    yAxis: spec.sideways ? { ...names, inverse: true } : values,
    series: spec.series.map((series, index) => seriesOf(spec, series, index)),
  }
}

/** The axis reaches the target, however far away it is: a line that has left the picture tells nothing. */
const reaches = (target: number) => (axis: { max: number }) => Math.max(axis.max, target)

function seriesOf(spec: ChartSpec, series: ChartSeries, index: number) {
  const target = index === 0 ? spec.target : undefined
  return {
    type: series.kind ?? 'bar',
    name: series.name,
    data: series.values,
    barMaxWidth: 34,
    symbolSize: 8,
    lineStyle: { width: 3, type: index % 2 === 1 ? 'dashed' : 'solid' },
    label: {
      show: spec.series.length === 1,
      position: spec.sideways ? 'right' : 'top',
      color: '#14232a',
      fontSize: 14,
      formatter: ({ value }: { value: number }) => value.toLocaleString('zh-CN'),
    },
    ...(target && {
      markLine: {
        silent: true,
        symbol: 'none',
        lineStyle: { color: '#b01f18', type: 'dashed', width: 2 },
        label: {
          formatter: `${target.name} ${target.value.toLocaleString('zh-CN')}`,
          position: 'insideEndTop',
          color: '#b01f18',
          fontSize: 14,
        },
        data: [spec.sideways ? { xAxis: target.value } : { yAxis: target.value }],
      },
    }),
  }
}
