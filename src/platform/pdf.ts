import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { drawable, fonts } from './fonts.ts'
import type { Templates } from './pdf.templates.ts'

const folder = join(import.meta.dirname, 'typst')
const sources = new Map<string, string>()
let compiler: NodeCompiler | undefined

/**
 * Sets a document: `typst/<template>.typ` with its data, as PDF/A-2b. The same data always gives the same bytes.
 * Data is text, never markup. Characters that the font does not hold become 〓 (see `missingNote`).
 *
 * Takes a few milliseconds on the calling thread; many pages go into one document rather than into many calls.
 */
export function compile<T extends keyof Templates>(template: T, data: Templates[T]): Uint8Array<ArrayBuffer> {
  compiler ??= NodeCompiler.create({
    workspace: folder,
    fontArgs: [{ fontBlobs: [fonts().regular, fonts().bold] }],
  })
  const made = compiler.compile({
    mainFileContent: source(template),
    inputs: { data: JSON.stringify(data, (_, value) => (typeof value === 'string' ? drawable(value) : value)) },
  })
  const document = made.result
  if (!document) {
    const faults = (made.takeDiagnostics()?.shortDiagnostics ?? []) as { message: string }[]
    throw new Error(`the template ${template} does not compile: ${faults.map((fault) => fault.message).join('; ')}`)
  }
  const bytes = compiler.pdf(document, { pdfStandard: 'a-2b' })
  compiler.evictCache(10)
  return new Uint8Array(bytes)
}

function source(template: string): string {
  const known = sources.get(template)
  if (known !== undefined) return known
  const text = readFileSync(join(folder, `${template}.typ`), 'utf8')
  sources.set(template, text)
  return text
}
