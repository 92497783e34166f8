import { setImmediate as turn } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CALLBACK_SITES, type Callback, type CallbackSite, type Ended } from './callback-sites.ts'

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))
beforeEach(() => void (unhandled.length = 0))

async function ended(
  { run }: CallbackSite,
  callback: (...given: unknown[]) => unknown,
  how: { readonly signal?: AbortSignal; readonly durable?: boolean } = {},
  world: SimWorld = new SimWorld(),
): Promise<Ended & { readonly atMs: number }> {
  const running = run(callback as Callback, { world, ...how })
  running.catch(() => {})
  const end = await drive(world, running)
  if (end.kind !== 'settled') throw new Error(`the run ended as ${end.kind}`)
  const atMs = world.clock.monotonicMs()
  await drain(world)
  return { ...(await running), atMs }
}

const REJECTED: readonly [string, () => unknown][] = [
  ['a promise', () => Promise.reject(new Error('later'))],
  // `instanceof` does not know it.
  ['a promise of another realm', () => runInNewContext('Promise.reject(new Error("later"))')],
  [
    'something like a promise',
    () => ({
      // oxlint-disable-next-line unicorn/no-thenable
      then: (_: unknown, reject: (reason: unknown) => void) => reject(new Error('later')),
    }),
  ],
]

describe.each(CALLBACK_SITES.map((site) => [site.name, site] as const))('%s', (_, site) => {
  test.each(REJECTED)('that gives %s that rejects leaves no rejection unhandled', async (_what, rejected) => {
    const result = await ended(site, rejected)
    await turn()
    await turn()
    expect(unhandled).toEqual([])
    const refused = site.atOnce === true ? /got (a promise|an object)/ : /./
    expect(JSON.stringify(result)).toMatch(refused)
  })

  const fails = (): never => {
    throw new Error('broke')
  }
  test.each([
    ['gives what it should', () => site.fine],
    ['throws', fails],
  ])('is given copies: what it does to them before it %s changes nothing', async (_what, then) => {
    const clean = await ended(site, then)
    const spoilt = await ended(site, (...given) => {
      for (const value of given) spoil(value)
      return then()
    })
    expect(told(spoilt)).toBe(told(clean))
    expect(told(clean)).not.toContain('spoilt')
  })
})

const AWAITED = CALLBACK_SITES.filter(({ atOnce, unawaited }) => atOnce !== true && unawaited !== true)

describe.each(AWAITED.map((site) => [site.name, site] as const))('%s', (_, site) => {
  test.each([false, true])('is not waited for once the run is aborted (durable: %s)', async (durable) => {
    const world = new SimWorld()
    const controller = new AbortController()
    let calls = 0
    const result = await ended(
      site,
      () => {
        if (calls++ === 0) world.clock.after(10, 'abort', () => controller.abort(new Error('enough')))
        return new Promise(() => {})
      },
      { signal: controller.signal, durable },
      world,
    )
    expect(result.status).toBe(site.whenAborted ?? 'cancelled')
    expect(result.atMs).toBe(10)
  })
})

/** Writes into everything that can be written to. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype) return
  for (const part of Object.values(value)) spoil(part)
  try {
    if (Array.isArray(value)) value.push('spoilt')
    else Object.assign(value, { spoilt: true })
  } catch {
    // Frozen, which is as good as a copy.
  }
}

/** What a run came to, without what differs from run to run. */
function told(result: Ended): string {
  return JSON.stringify(result, (key, value: unknown) => (key === 'stack' ? undefined : value))
}
