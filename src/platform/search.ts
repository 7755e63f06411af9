import { cut_for_search } from 'jieba-wasm'
import { pinyin } from 'pinyin-pro'
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

/**
 * How a title sounds, for an index beside its words: from each word to the end its initials (粤菜师傅 → ycsf, sf), and
 * each word spelt out (yuecai, shifu). Readings are those of the whole title, so 银行 is yh, not yx.
 */
export function soundText(title: string): string {
  const words = cut_for_search(normalise(title), true).filter((word) => WORD.test(word))
  const found = new Set<string>()
  const letters = [...normalise(title)].filter((letter) => WORD.test(letter))
  const sounds = pinyin(letters.join(''), { toneType: 'none', type: 'array', nonZh: 'spaced', v: true })
  if (sounds.length !== letters.length) return ''
  const text = letters.join('')
  for (const word of words) {
    const at = text.indexOf(word)
    if (at < 0 || !/\p{Script=Han}/u.test(word)) continue
    const start = [...text.slice(0, at)].length
    const heard = sounds.slice(start).map((sound) => sound.toLowerCase())
    found.add(
      heard
        .map((sound) => sound[0])
        .join('')
        .slice(0, 16),
    )
    found.add(heard.slice(0, [...word].length).join(''))
  }
  return [...found].join(' ')
}
