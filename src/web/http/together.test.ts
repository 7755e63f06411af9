import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameForAll, together } from './together.ts'

const page = (text: string) => new Response(text, { headers: { [sameForAll]: 'yes', 'content-type': 'text/html' } })
const soon = () => new Promise((resolve) => setTimeout(resolve, 2))

describe('visitors of the same page', () => {
  test('share a drawing, and the mark does not leave the house', async () => {
    let drawn = 0
    const answer = together()
    const ask = () =>
      answer('/classes', async () => {
        await soon()
        return page(`drawing ${++drawn}`)
      })
    const answers = await Promise.all([ask(), ask(), ask(), ask()])
    expect(await Promise.all(answers.map((one) => one.text()))).toEqual([
      'drawing 1',
      'drawing 2',
      'drawing 2',
      'drawing 2',
    ])
    expect(answers.every((one) => !one.headers.has(sameForAll))).toBe(true)
    expect(await (await ask()).text()).toBe('drawing 3')
  })

  test('get no answer whose reading began before they asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { minLength: 1, maxLength: 30 }), async (waits) => {
        let record = 0
        const answer = together()
        const asks: Promise<boolean>[] = []
        for (const wait of waits) {
          record += 1
          const least = record
          const read = async () => {
            const seen = record
            await new Promise((resolve) => setTimeout(resolve, 1))
            return page(String(seen))
          }
          asks.push(answer('/', read).then(async (one) => Number(await one.text()) >= least))
          if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        }
        expect(await Promise.all(asks)).not.toContain(false)
      }),
      { numRuns: 40 },
    )
  })

  test('an answer of somebody’s own is given to nobody else', async () => {
    const answer = together()
    const ask = (who: string) =>
      answer('/sign-in', async () => {
        await soon()
        return new Response(who)
      }).then((one) => one.text())
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(ask))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('a fault is the fault of those who asked, not of those who come after', async () => {
    const answer = together()
    let calls = 0
    const ask = () =>
      answer('/', async () => {
        await soon()
        if (++calls === 1) throw new Error('database away')
        return page('here')
      })
    const [first, second] = await Promise.allSettled([ask(), ask()])
    expect(first.status).toBe('rejected')
    expect(second.status).toBe('fulfilled')
  })
})
