import { index, layout, prefix, type RouteConfig, route } from '@react-router/dev/routes'

/**
 * Every address of the site and the layout it stands in. Files are named after what the page shows. A page behind
 * sign-in goes under its workspace; a page for everybody under the portal; an answer that is no page stands alone.
 */
// In the making by one engineer (do not build these): search, classes, classes/:id, calculator, providers,
// report-problem, my, my/classes/:id, s/:sessionId (check-in).
const portal = layout('layouts/portal.tsx', [
  index('routes/home.tsx'),
  route('accessibility', 'routes/accessibility.tsx'),
  route('preferences', 'routes/preferences.tsx'),
  route('design', 'routes/design.tsx'),
  route('design/script', 'routes/design-script.tsx'),
])

const workspaces = layout('layouts/workspace.tsx', [
  ...prefix('my', []),
  ...prefix('provider', []),
  ...prefix('enterprise', []),
  ...prefix('office', []),
  route('design/workspace', 'routes/design-workspace.tsx'),
])

/** Last: every other address, and what is not there. */
const nowhere = layout('layouts/portal.tsx', { id: 'nowhere' }, [route('*', 'routes/not-found.tsx')])

export default [portal, workspaces, nowhere] satisfies RouteConfig
