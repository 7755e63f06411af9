import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { reactRouter } from '@react-router/dev/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'

const source = resolve(import.meta.dirname, 'src')

/**
 * Server code is not bundled: `#…​.ts` stays an import that Node resolves through package.json and runs as it is.
 * So a module exists once per process – one pool, one `AppError`, one context key – however it was reached, and the
 * bundle holds only `.tsx`. In the browser build the same import is bundled in the ordinary way.
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
      return { id: building ? `#${relative(source, file)}` : pathToFileURL(file).href, external: true }
    },
  }
}

export default defineConfig({
  plugins: [nativeServerCode(), tailwindcss(), reactRouter()],
  publicDir: 'src/web/static',
  build: { target: 'es2022', assetsInlineLimit: 0, reportCompressedSize: false },
  server: { host: '127.0.0.1' },
})
