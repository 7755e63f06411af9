import { readConfig } from '#platform/config.ts'

const configured = readConfig().publicUrl

/** The address under which everybody finds us, for what is printed; without a setting, the one that was asked for. */
export const siteOrigin = (request: Request): string => (configured ? new URL(configured) : new URL(request.url)).origin
