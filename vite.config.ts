import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { reactRouter } from '@react-router/dev/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'

const source = resolve(import.meta.dirname, 'src')
const native = '\0native:'

/** Shared by every copy of this file: React Router evaluates the configuration more than once. */
const shelf = globalThis as unknown as Record<symbol, Map<string, Record<string, unknown>> | undefined>
shelf[Symbol.for('native-server-code')] ??= new Map()
const loaded = shelf[Symbol.for('native-server-code')] as Map<string, Record<string, unknown>>

/**
 * Server code is not bundled: `#….ts` stays an import that Node resolves through package.json and runs as it is.
 * So a module exists once per process – one pool, one `AppError`, one context key – however it was reached, and the
 * bundle holds only `.tsx`. In the browser build the same import is bundled in the ordinary way.
 * In development Vite cannot leave a file of ours alone, so it gets a stand-in that hands on Node's own copy.
 */
function nativeServerCode(): Plugin {
  let building = false
  return {
    name: 'native-server-code',
    enforce: 'pre',
    configResolved(config) {
      building = config.command === 'build'
    },
    resolveId(id, importer) {
      if (this.environment.name !== 'ssr' || !id.endsWith('.ts') || !importer) return
      const file = id.startsWith('#')
        ? resolve(source, id.slice(1))
        : id.startsWith('.') && importer.startsWith(source)
          ? resolve(importer, '..', id)
          : undefined
      if (!file) return
      return building ? { id: `#${relative(source, file).replaceAll('\\', '/')}`, external: true } : native + file
    },
    async load(id) {
      if (!id.startsWith(native)) return
      const url = pathToFileURL(id.slice(native.length)).href
      const module = await import(/* @vite-ignore */ url)
      loaded.set(url, module)
      const names = Object.keys(module).filter((name) => name !== 'default')
      return [
        `const it = globalThis[Symbol.for('native-server-code')].get(${JSON.stringify(url)})`,
        ...names.map((name) => `export const ${name} = it.${name}`),
        'export default it.default',
      ].join('\n')
    },
  }
}

export default defineConfig({
  plugins: [nativeServerCode(), tailwindcss(), reactRouter()],
  publicDir: 'src/web/static',
  build: { target: 'es2022', assetsInlineLimit: 0, reportCompressedSize: false },
  server: { host: '127.0.0.1' },
})
