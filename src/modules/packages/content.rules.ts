import type { Fault } from './archive.schema.ts'
import type { PackageFound, PackageKind, Unit } from './package.schema.ts'

const videos = /\.(mp4|m4v|webm|mov)$/i

/** What a package is, told by the files it must have at its root; a folder around everything is looked through. */
export function kindOf(paths: readonly string[]): { kind: PackageKind | null; root: string } {
  const first = paths[0]?.split('/', 1)[0] ?? ''
  const wrapped = paths.length > 0 && paths.every((path) => path.startsWith(`${first}/`))
  for (const root of wrapped ? ['', `${first}/`] : ['']) {
    if (paths.includes(`${root}cmi5.xml`)) return { kind: 'cmi5', root }
    if (paths.includes(`${root}imsmanifest.xml`)) return { kind: 'scorm12', root }
  }
  if (paths.some((path) => /\.xml$/i.test(path))) return { kind: 'qti', root: '' }
  if (paths.some((path) => videos.test(path))) return { kind: 'videos', root: '' }
  return { kind: null, root: '' }
}

/** A folder of videos: one unit a file, in the order people number their files (2 before 10). */
export function readVideos(paths: readonly string[], title: string): { found: PackageFound; faults: Fault[] } {
  const order = new Intl.Collator('zh-CN', { numeric: true })
  const files = paths.filter((path) => videos.test(path)).toSorted(order.compare)
  const units = files.map((href): Unit => {
    const name = href.split('/').at(-1)?.replace(videos, '') ?? href
    return { id: href, title: name.slice(0, 120), kind: 'video', href, parameters: '' }
  })
  const faults = paths
    .filter((path) => !videos.test(path))
    .map(
      (file): Fault => ({
        file,
        line: null,
        rule: 'left',
        message: '不是视频，不导入',
        remedy: '讲义、字幕请在课程编辑页另行上传。',
        weight: 'warning',
      }),
    )
  const activities = units.map(({ id, title: name }) => ({
    id,
    title: name,
    visible: true,
    unit: id,
    sequencing: null,
    children: [],
  }))
  const found: PackageFound = {
    kind: 'videos',
    edition: '',
    identifier: '',
    title,
    units,
    activities,
    questions: [],
    objectives: [],
  }
  return { found, faults }
}

const outside = /(?:src|href|data|action|poster)\s*=\s*["']?\s*((?:https?:)?\/\/[^"'\s>]+)/gi
const own = /^(https?:)?\/\/(www\.w3\.org|www\.adlnet\.(org|gov)|www\.imsglobal\.org|localhost)/i

/** Addresses outside of the package in a page of it: they will not load, because a lesson may ask nobody but us. */
export function outsideAddresses(html: string, file: string): Fault[] {
  const faults: Fault[] = []
  const seen = new Set<string>()
  html.split('\n').forEach((text, i) => {
    for (const [, address = ''] of text.matchAll(outside)) {
      const host = address.replace(/^(https?:)?\/\//i, '').split('/', 1)[0] ?? ''
      if (own.test(address) || seen.has(host) || /<a\s/i.test(text)) continue
      seen.add(host)
      faults.push({
        file,
        line: i + 1,
        rule: 'outside',
        message: `网页要从 ${host} 取内容，学习时取不到`,
        remedy: '请把用到的脚本、图片、视频放进包里。',
        weight: 'warning',
      })
    }
  })
  return faults.slice(0, 20)
}
