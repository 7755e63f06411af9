import { cut_for_search } from 'jieba-wasm'
import { normalise } from '#shared/text.ts'

const WORD = /[\p{Letter}\p{Number}]/u

/**
 * The words of a text, lower case, once each, for an index and for a question alike. Chinese has no spaces: a
 * dictionary cuts it, long words also into their parts, so that 烹调 finds 中式烹调师.
 */
export function tokens(text: string): string[] {
  const words = cut_for_search(normalise(text).toLowerCase(), true).map((word) => word.trim())
  return [...new Set(words.filter((word) => WORD.test(word)))]
}

/** For `to_tsvector('simple', …)`. */
export const searchText = (...texts: string[]): string => tokens(texts.join(' ')).join(' ')

/** For `to_tsquery('simple', …)`: every word, the last also as a beginning. Empty when nothing can be searched for. */
export function searchQuery(text: string): string {
  const words = tokens(text.slice(0, 100)).map((word) => `'${word.replaceAll("'", '').replaceAll('\\', '')}'`)
  return words.map((word, i) => (i === words.length - 1 ? `${word}:*` : word)).join(' & ')
}
