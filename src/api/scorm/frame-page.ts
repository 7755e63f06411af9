import type { Frame } from '#modules/packages/content.queries.ts'
import { frameScript } from './scripts.ts'

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

/** The page around a lesson: the lesson in a frame, whether its progress is safe, and the script that offers the API. */
export function framePage(
  frame: Frame,
  { token, source, sealKey }: { token: string; source: string; sealKey: string },
): string {
  const { unit } = frame
  const settings = {
    kind: frame.kind,
    unitKind: unit.kind,
    source,
    values: frame.beganWith,
    // somebody who only looks has no launch, and nothing is reported
    commitAddress: frame.launchId === '' ? '' : `/report/${token}`,
    launchId: frame.launchId,
    packageId: frame.packageId,
    sealKey,
  }
  const title = escapeHtml(unit.title)
  const lesson =
    unit.kind === 'video'
      ? `<video id="lesson" controls aria-label="${title}"></video>`
      : `<iframe id="lesson" title="${title}" sandbox="allow-scripts allow-same-origin allow-forms" allow="fullscreen; autoplay"></iframe>`
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"></head>
<body>${lesson}<p id="status" role="status" data-state="opening">正在打开课件</p>
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
<script type="module" src="${frameScript}"></script></body></html>`
}

export const messagePage = (title: string, text: string): string =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/style.css"></head><body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></main></body></html>`
