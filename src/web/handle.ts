/** What a route says about itself: `export const handle = { script: true } satisfies Handle`. */
export type Handle = {
  /** The page ships script and hydrates. Without it the page is plain HTML. */
  script?: boolean
}

export const wantsScript = (routes: readonly { handle?: unknown }[]) =>
  routes.some((route) => (route.handle as Handle | undefined)?.script === true)
