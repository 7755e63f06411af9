import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** What runs in the lesson's frame. The rules are the very files that judge on the server. */
const served = [
  'api/scorm/shim/frame.ts',
  'api/scorm/shim/outbox.ts',
  'api/scorm/shim/seal.ts',
  'api/scorm/shim/storage.ts',
  ...['runtime.schema', 'scorm12.rules', 'scorm12-types.rules', 'scorm2004.rules', 'scorm2004-model.rules'].map(
    (name) => `modules/packages/${name}.ts`,
  ),
  'modules/packages/scorm2004-types.rules.ts',
]

const made = new Map<string, string>()

/** A script of the frame as browsers run it: the same text with its types blanked out. */
export function script(path: string): string | undefined {
  if (!served.includes(path)) return undefined
  const known = made.get(path)
  if (known !== undefined) return known
  const text = stripTypeScriptTypes(readFileSync(join(root, path), 'utf8'))
  made.set(path, text)
  return text
}

export const frameScript = '/frame/api/scorm/shim/frame.ts'
