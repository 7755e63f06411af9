import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { apart, folders, modules, owns, pure, roles } from './boundaries.ts'

const root = import.meta.dirname

type File = {
  path: string
  folder: string
  module?: string
  role?: string
  imports: string[]
  text: string
  test: boolean
}

const files: File[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('db/'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const parts = path.split('/')
    const imports = [...text.matchAll(/from '(#[^']+|\.\.?\/[^']+)'/g)].map(([, to = '']) =>
      to.startsWith('#') ? to.slice(1) : relative(root, join(root, path, '..', to)),
    )
    const file: File = {
      path,
      folder: parts[0] ?? '',
      imports,
      text,
      test: /\.test\.tsx?$/.test(path) || path === 'platform/testing.ts',
    }
    if (file.folder === 'modules') {
      file.module = parts[1] as string
      file.role = (parts[2]?.split('.')[1] ?? '') as string
    }
    return file
  })

const row = (folder: string) => folders.findIndex((names) => names.includes(folder))
const product = files.filter((file) => !file.test)

function moduleOf(path: string): string | undefined {
  return path.startsWith('modules/') ? path.split('/')[1] : undefined
}

test('imports point inward, never outward', () => {
  const wrong = product.flatMap((file) =>
    file.imports
      .filter(
        (to) =>
          row(file.folder) >= 0 && row(to.split('/')[0] ?? '') >= 0 && row(to.split('/')[0] ?? '') < row(file.folder),
      )
      .map((to) => `${file.path} → ${to}`),
  )
  expect(wrong).toEqual([])
})

test('what the server runs as it is draws nothing: a .ts file takes only types from a .tsx', () => {
  const wrong = product
    .filter(({ path }) => path.endsWith('.ts') && path !== 'web/routes.ts')
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^import (?!type )\{([^}]*)\} from '([^']+\.tsx)'/gm)]
        .filter(([, names = '']) =>
          names.split(',').some((name) => name.trim() !== '' && !name.trim().startsWith('type ')),
        )
        .map(([, , to]) => `${path} → ${to}`),
    )
  expect(wrong).toEqual([])
})

test('the doors never import each other', () => {
  const wrong = product.flatMap((file) =>
    apart.includes(file.folder)
      ? file.imports
          .filter((to) => apart.includes(to.split('/')[0] ?? '') && !to.startsWith(file.folder))
          .map((to) => `${file.path} → ${to}`)
      : [],
  )
  expect(wrong).toEqual([])
})

test('modules import only along declared edges', () => {
  const wrong = product.flatMap((file) =>
    file.module === undefined
      ? []
      : file.imports
          .map((to) => [to, moduleOf(to)] as const)
          .filter(
            ([, to]) =>
              to &&
              to !== file.module &&
              !modules[file.module ?? '']?.includes(to) &&
              !modules[file.module ?? '']?.includes('*'),
          )
          .map(([to]) => `${file.path} → ${to}`),
  )
  expect(wrong).toEqual([])
})

test('every module is declared, flat, and each file has a role', () => {
  const wrong = files
    .filter((file) => file.module !== undefined)
    .filter(
      (file) =>
        !((file.module as string) in modules) || file.path.split('/').length !== 3 || !((file.role as string) in roles),
    )
    .map((file) => file.path)
  expect(wrong).toEqual([])
})

test('the module graph has no cycle', () => {
  const visit = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path, name]
    for (const next of modules[name] ?? []) {
      const found = next === '*' ? undefined : visit(next, [...path, name])
      if (found) return found
    }
    return undefined
  }
  expect(
    Object.keys(modules)
      .map((name) => visit(name, []))
      .filter(Boolean),
  ).toEqual([])
  expect(Object.entries(modules).filter(([, edges]) => edges.includes('reports'))).toEqual([])
})

test('roles import only what their role may', () => {
  const wrong = product.flatMap((file) =>
    file.role === undefined
      ? []
      : file.imports
          .filter((to) => to.startsWith('modules/'))
          .filter((to) => !roles[file.role ?? '']?.includes(to.split('/')[2]?.split('.')[1] ?? ''))
          .map((to) => `${file.path} → ${to}`),
  )
  expect(wrong).toEqual([])
})

test('schemas and rules are pure: no platform, no database, no node, no clock', () => {
  const wrong = product
    .filter((file) => pure.includes(file.role ?? ''))
    .flatMap((file) => [
      ...file.imports.filter((to) => /^(platform|db)\//.test(to)).map((to) => `${file.path} → ${to}`),
      ...(/from 'node:|Date\.now\(|new Date\(\)|Math\.random\(/.test(file.text)
        ? [`${file.path} reads the clock, chance or node`]
        : []),
    ])
  expect(wrong).toEqual([])
})

test('a module writes only its own schema', () => {
  const writes =
    /(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*['"]([a-z]+)\.|(?:insert into|update|delete from)\s+([a-z]+)\.[a-z_]+/g
  const wrong = product.flatMap((file) =>
    file.module === undefined
      ? []
      : [...file.text.matchAll(writes)]
          .map(([, a, b]) => a ?? b ?? '')
          .filter((schema) => schema !== owns[file.module ?? ''] && schema !== 'platform')
          .map((schema) => `${file.path} writes ${schema}`),
  )
  expect(wrong).toEqual([])
})

test('no file is too long to read at one sitting', () => {
  expect(files.filter((file) => file.text.split('\n').length > 400).map((file) => file.path)).toEqual([])
})
