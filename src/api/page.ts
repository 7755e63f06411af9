import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { kinds } from './problem.ts'
import { xapiGuide } from './xapi/guide.ts'

const css = `body{font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:64rem;margin:0 auto;padding:1.5rem;color:#16232b}
h1,h2,h3{line-height:1.35}code,pre{font-family:ui-monospace,Consolas,monospace;font-size:.9em}pre{overflow-x:auto;background:#f2f5f6;padding:.75rem 1rem}
article{border-top:1px solid #c9d3d8;padding:.5rem 0 1rem}.method{display:inline-block;min-width:3.5rem;font-weight:600}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid #dfe6ea}a{color:#0b5468}a:focus-visible{outline:3px solid #16232b;background:#ffe08a}`

/** The style of the page and the hash under which the content policy lets it in. */
export const pageStyle = { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` }

const safe = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

/** The API for reading: no script, nothing from elsewhere. */
export function page(endpoints: readonly Endpoint[]): string {
  const groups = [...Map.groupBy(endpoints, ({ tag }) => tag)]
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>开放接口 - 海珠区职业培训云平台</title><style>${css}</style></head><body>
<header><h1>开放接口</h1><p>公开数据不需要密钥；本单位的业务用接口密钥调用，与网页办理走同一套规则和留痕。机器可读的说明：<a href="/api/v1/openapi.json">OpenAPI 3.1</a>。</p></header>
<main>
<h2 id="use">怎样调用</h2>
<pre>curl https://本平台网址/api/v1/classes
curl -H "Authorization: Bearer hsk_…" https://本平台网址/api/v1/organisation
curl -X POST -H "Authorization: Bearer hsk_…" -H "Idempotency-Key: 0001" -H "Content-Type: application/json" -d '{…}' …</pre>
<ul><li>写操作须带 <code>Idempotency-Key</code>：每次新的操作换一个，重试时不换；同一个键只会办一次，并返回同样的结果。</li>
<li>列表返回 <code>items</code> 和 <code>next</code>；把 <code>next</code> 作为 <code>cursor</code> 参数取下一页，<code>null</code> 表示没有了。</li>
<li>每个回答带 <code>RateLimit</code> 头；超过限制时返回 429 和 <code>Retry-After</code>。</li>
<li>金额以分为单位，时长以分钟为单位，日期写作 <code>2021-09-15</code>，时刻为 UTC。</li></ul>
${xapiGuide}
<nav aria-label="目录"><h2>目录</h2><ul><li><a href="#xapi">学习记录（xAPI）</a></li>${groups.map(([tag]) => `<li><a href="#${safe(tag)}">${safe(tag)}</a></li>`).join('')}<li><a href="#problems">拒绝和出错</a></li></ul></nav>
${groups.map(([tag, list]) => `<section><h2 id="${safe(tag)}">${safe(tag)}</h2>${list.map(article).join('')}</section>`).join('')}
<section><h2 id="problems">拒绝和出错</h2><p>一律返回 <code>application/problem+json</code>；按规定不能办的，写明条款（<code>clause</code>）和改法（<code>remedy</code>）。</p>
<table><thead><tr><th scope="col">type</th><th scope="col">状态码</th><th scope="col">含义</th></tr></thead><tbody>${Object.entries(
    kinds,
  )
    .map(
      ([kind, { status, title, detail }]) =>
        `<tr id="${kind}"><th scope="row"><code>${kind}</code></th><td>${status}</td><td>${safe(`${title}。${detail}`)}</td></tr>`,
    )
    .join('')}</tbody></table></section>
</main></body></html>`
}

function article(one: Endpoint): string {
  const shapes: [string, z.ZodType | undefined, 'input' | 'output'][] = [
    ['地址参数', one.params, 'input'],
    ['查询参数', one.query, 'input'],
    ['正文', one.body, 'input'],
    ['回答', one.answer, 'output'],
  ]
  const access = one.access === 'public' ? '公开' : `需要密钥，权限 <code>${safe(one.access)}</code>`
  return `<article><h3><span class="method">${one.method.toUpperCase()}</span> <code>${safe(one.path)}</code></h3>
<p>${safe(one.summary)}。${access}。${one.description ? safe(one.description) : ''}${one.file ? safe(one.file.description) : ''}</p>${shapes
    .map(([title, shape, io]) => (shape ? fields(title, shape, io) : ''))
    .join('')}</article>`
}

function fields(title: string, shape: z.ZodType, io: 'input' | 'output'): string {
  const schema = z.toJSONSchema(shape, { io, unrepresentable: 'any' })
  return `<details><summary>${title}</summary><pre>${safe(JSON.stringify({ ...schema, $schema: undefined }, null, 2))}</pre></details>`
}
