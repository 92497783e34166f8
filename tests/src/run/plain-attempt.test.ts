import { expect, test } from 'vitest'
import { type AnyNode, createEngine, pipeline, step, type StepContext } from 'shakedown'

/** A wait of no time. */
const NO_WAIT = { baseMs: 0 }

/** Ways a step can go whose first attempt only its own function ends. */
const WAYS: Readonly<Record<string, () => AnyNode>> = {
  'gives a value': () => step('s', (n: number) => n + 1),
  'gives a stream': () =>
    step('s', async function* (n: number) {
      yield n
      yield n + 1
    }),
  'gives a stream that breaks, then a value': () => {
    let calls = 0
    async function* broken() {
      yield 1
      throw new Error('broken')
    }
    return step('s', (n: number): unknown => (++calls === 1 ? broken() : n), { retries: 1, backoff: NO_WAIT })
  },
  'throws before it completes': () =>
    step(
      's',
      async (n: number, { attempt, meter }: StepContext) => {
        meter({ tokens: 3 })
        if (attempt < 3) throw new Error(`attempt ${attempt}`)
        return n
      },
      { retries: 2, backoff: NO_WAIT },
    ),
  'throws at once and for good': () =>
    step('s', () => {
      throw new TypeError('no')
    }),
  'appends to what is no list': () =>
    step('s', (_: number, { context }: StepContext) => {
      context.set('k', 1)
      context.append('k', 2)
    }),
  'commits what it sets': () => step('s', (n: number, { context }: StepContext) => context.set('k', n)),
  'is given what cannot be copied': () =>
    pipeline('p', [
      step('first', () => ({
        get bad() {
          throw new Error('unreadable')
        },
      })),
      step('s', (value: unknown) => value),
    ]),
  'has a fallback': () =>
    step('s', () => {
      throw new Error('no')
    }).fallback(step('other', () => 'other')),
}

test.each(Object.entries(WAYS))(
  'a step that %s comes to the same, watched or not, abortable or not',
  async (_, make) => {
    const unwatched = await createEngine().run(make(), 1 as never)
    // A quota is one of the things that stand between the steps of a run.
    const watched = await createEngine({ quota: { tokens: 100 } }).run(make(), 1 as never)

    const { signal } = new AbortController()
    const abortable = await createEngine().run(make(), 1 as never, { signal })

    expect(facts(unwatched)).toEqual(facts(watched))
    expect(facts(abortable)).toEqual(facts(watched))
  },
)

/** A result without its times and ids, and what cannot be read. */
function facts(result: unknown): unknown {
  return JSON.parse(
    JSON.stringify(result, (key, value: unknown) => (isLeftOut(key, value) ? undefined : value)),
  )
}

function isLeftOut(key: string, value: unknown): boolean {
  if (['latencyMs', 'runId', 'stack'].includes(key)) return true
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'bad')
}
