import MarkdownIt from 'markdown-it'

/** Markdown without raw HTML; links open nothing but web and mail addresses. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true })
markdown.validateLink = (url) => /^(https?:|mailto:|\/(?!\/)|#)/i.test(url.trim())
markdown.disable('image') // a picture from elsewhere would tell its owner who reads; pictures are files of the course

/** What people write with `#`, `*` and `-`, as HTML that carries no script, style or foreign picture. */
export const richText = (source: string): string => markdown.render(source)
