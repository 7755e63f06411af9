import { data } from 'react-router'

/** An id in an address, or the page that is not there: a made-up address never reaches the database. */
export function isId(text: string | undefined): string {
  if (text && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text
  throw data(null, 404)
}
