import type { Config } from '@react-router/dev/config'

export default {
  appDirectory: 'src/web',
  ssr: true,
  /** Pages are documents. The few which ship script get the whole route map at once, so nothing is fetched later. */
  routeDiscovery: { mode: 'initial' },
} satisfies Config
