import type { Plan } from '#policy/plan.types.ts'
import { Section } from '../ui/section.tsx'

export type Tile = { code: string; name: string; n: number; x: number; y: number; href: string; here: boolean }

/** Where each subdistrict stands in the sketch; a plan that draws none gets rows of six. */
export function tilesOf(
  subdistricts: Plan['subdistricts'],
  counts: ReadonlyMap<string, number>,
  chosen: string,
  href: (code: string) => string,
): Tile[] {
  return subdistricts.map(({ code, name, tile }, at) => {
    const [x = 0, y = 0] = tile ?? [at % 6, Math.floor(at / 6)]
    return { code, name, n: counts.get(code) ?? 0, x, y, href: href(code), here: code === chosen }
  })
}

const size = { width: 112, height: 76, gap: 6 }

/** A sketch of the district, one tile a subdistrict; the words in a tile say all that its shade says. */
export function DistrictMap({ tiles, all }: { tiles: readonly Tile[]; all: string }) {
  const wide = Math.max(...tiles.map((one) => one.x)) + 1
  const high = Math.max(...tiles.map((one) => one.y)) + 1
  const most = Math.max(1, ...tiles.map((one) => one.n))
  const chosen = tiles.find((one) => one.here)
  return (
    <Section
      title="各街道"
      description="示意图，按大致方位排列，不是实际边界。点一个街道只看那里的持有人；没有单位的个人不在图上。"
    >
      <svg
        className="district-map"
        viewBox={`0 0 ${wide * (size.width + size.gap)} ${high * (size.height + size.gap)}`}
      >
        <title>各街道持有称号的个数</title>
        {tiles.map((one) => {
          const left = one.x * (size.width + size.gap)
          const top = one.y * (size.height + size.gap)
          return (
            <a key={one.code} href={one.href} aria-current={one.here ? 'true' : undefined}>
              <rect
                className={one.here ? 'tile here' : 'tile'}
                x={left}
                y={top}
                width={size.width}
                height={size.height}
                rx={6}
              />
              <rect
                className="share"
                x={left + 10}
                y={top + size.height - 14}
                width={((size.width - 20) * one.n) / most}
                height={5}
                rx={2}
              />
              <text x={left + size.width / 2} y={top + 28} textAnchor="middle">
                {one.name.replace(/街道$/, '')}
              </text>
              <text className="count" x={left + size.width / 2} y={top + 52} textAnchor="middle">
                {one.n} 个
              </text>
            </a>
          )
        })}
      </svg>
      {chosen && (
        <p>
          现在只看{chosen.name}。<a href={all}>看全部街道</a>
        </p>
      )}
    </Section>
  )
}
