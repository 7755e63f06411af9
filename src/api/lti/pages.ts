const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)

export type Answer = { html: string; policy: string }
type Frame = "'none'" | "'self'" | '*'

/** These pages hold one form or one sentence; where a form goes is checked before, and not limited to our own origin. */
const policy = (nonce: string, frame: Frame) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    `frame-ancestors ${frame}`,
  ].join('; ')

const page = (nonce: string, title: string, body: string, head = '') => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title>${head}
<style nonce="${nonce}">body{margin:0;font:17px/1.7 system-ui,sans-serif;color:#14302e;background:#f4f7f6}
main{max-width:34em;margin:10vh auto 0;padding:24px;background:#fff;border:1px solid #cfdcda;border-radius:8px}
h1{font-size:1.3em;margin:0 0 .5em}a,button{color:#0b5c57}button,.go{display:inline-block;min-height:44px;padding:8px 20px;
font:inherit;color:#fff;background:#0b5c57;border:0;border-radius:6px;text-decoration:none}
:focus-visible{outline:3px solid #14302e;outline-offset:2px;box-shadow:0 0 0 6px #ffdd57}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`

/** A form that sends itself; without script there is a button. */
export function autoForm(
  nonce: string,
  { action, fields, title, frame }: { action: string; fields: Record<string, string>; title: string; frame: Frame },
): Answer {
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('')
  const body = `<p>没有自动跳转时，请按“继续”。</p>
<form method="post" action="${escapeHtml(action)}" id="go">${inputs}<button type="submit">继续</button></form>
<script nonce="${nonce}">document.getElementById('go').submit()</script>`
  return { html: page(nonce, title, body), policy: policy(nonce, frame) }
}

/** On to an address by a navigation of its own: a redirect that answers a form would be held to our form policy. */
export function onward(nonce: string, { to, title, frame }: { to: string; title: string; frame: Frame }): Answer {
  const body = `<p>没有自动跳转时，请按“继续”。</p><p><a class="go" href="${escapeHtml(to)}">继续</a></p>`
  const head = `<meta http-equiv="refresh" content="0;url=${escapeHtml(to)}">`
  return { html: page(nonce, title, body, head), policy: policy(nonce, frame) }
}

/** A page of its own, for what may not run in a frame of somebody else's. */
export function outOfFrame(nonce: string, to: string): Answer {
  const body = `<p>为保护您的账号，本平台不在其他网站的框里打开。请在新窗口继续，学习进度和成绩照常返回贵校平台。</p>
<p><a class="go" href="${escapeHtml(to)}" target="_blank" rel="noopener">在新窗口打开课程</a></p>`
  return { html: page(nonce, '请在新窗口打开', body), policy: policy(nonce, '*') }
}

export function message(
  nonce: string,
  { title, text, frame = "'none'" }: { title: string; text: string; frame?: Frame },
): Answer {
  return {
    html: page(nonce, title, `<p>${escapeHtml(text)}</p><p><a href="/">回到首页</a></p>`),
    policy: policy(nonce, frame),
  }
}
