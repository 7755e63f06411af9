import { site } from '../site.ts'

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

/** The page of last resort: no database, no React, no style sheet that could be missing. */
export function plainPage({ status, message, requestId }: { status: number; message: string; requestId: string }) {
  const title = status >= 500 ? '系统出了问题' : '没有办成'
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - ${escapeHtml(site.name)}</title></head>
<body><main><h1>${title}</h1><p>${escapeHtml(message)}</p>
<p>问题编号：<code>${escapeHtml(requestId)}</code></p>
<p><a href="/">回到首页</a>　咨询电话 <a href="tel:${site.phone}">${site.phone}</a></p></main></body></html>`
}
