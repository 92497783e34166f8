import { AsyncLocalStorage } from 'node:async_hooks'
import { getEventListeners } from 'node:events'
import { clearTimeout as clearByName } from 'node:timers'
import * as timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { drive } from '../../../../harness/world/drive.ts'
import { GlobalTimeline } from '../../../../harness/world/globals/global-timeline.ts'
import { SimWorld, WALL_START_MS } from '../../../../harness/world/sim-world.ts'

// Put aside before any scenario runs, as a module may do.
const clearAside = clearTimeout

/** What `Temporal.Now` is asked, and in which time zone. */
const TEMPORAL = [
  ['instant', undefined],
  ['zonedDateTimeISO', 'UTC'],
  ['zonedDateTimeISO', undefined],
  ['plainDateTimeISO', 'UTC'],
  ['plainDateISO', 'UTC'],
  ['plainTimeISO', 'UTC'],
] as const

/** Puts down what happens, in its order; what is compared is how Node itself does it. */
type Script = (log: (what: unknown) => void) => Promise<unknown>

const SCRIPTS: Readonly<Record<string, Script>> = {
  'delays that are none, with the warnings of Node': async (log) => {
    // Of the other two Node warns once in a process.
    vi.spyOn(process, 'emitWarning').mockImplementation((text: unknown, name?: unknown) => {
      if (name === 'TimeoutOverflowWarning') log(text)
    })
    // Far enough apart: each real timer begins when it is set, and on a busy machine setting them takes milliseconds.
    const delays = [undefined, null, Number.NaN, -5, 0, '40', 20.9, {}, true, 2 ** 31, Infinity]
    await Promise.all(
      delays.map((delay, index) =>
        new Promise<void>((done) => setTimeout(done, delay as number)).then(() => log(index)),
      ),
    )
  },
  'a callback has its arguments and its timer': async (log) => {
    await new Promise<void>((done) => {
      const timer = setTimeout(
        function (this: unknown, ...args: unknown[]) {
          log([this === timer, ...args])
          done()
        },
        1,
        'a',
        2,
      )
    })
  },
  'intervals are cleared from inside, by number, and by the other clear': async (log) => {
    let beats = 0
    await new Promise<void>((done) => {
      const beat = setInterval(() => {
        log(++beats)
        if (beats < 3) return
        clearTimeout(Number(beat))
        done()
      }, 1)
    })
    const kept = Number(
      setInterval(() => {
        log(++beats)
        if (beats === 6) clearInterval(kept)
      }, 1),
    )
    const refreshed = setTimeout(() => log('never'), 5)
    const number = Number(refreshed)
    refreshed.refresh()
    clearTimeout(number)
    await timersPromises.setTimeout(30)
    const never = setTimeout(() => log('never'), 1)
    clearByName(String(Number(never)))
    clearInterval(setInterval(() => log('never'), 1))
    clearAside(setTimeout(() => log('never'), 1))
    clearTimeout(undefined)
    clearTimeout(987_654)
    await timersPromises.setTimeout(5)
  },
  'ref, unref, refresh, close and dispose': async (log) => {
    const timer = setTimeout(() => log('fired'), 5)
    log([timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef(), timer.refresh() === timer])
    await timersPromises.setTimeout(10)
    timer.refresh()
    await timersPromises.setTimeout(10)
    timer.close()
    timer.refresh()
    setTimeout(() => log('never'), 1)[Symbol.dispose]()
    await timersPromises.setTimeout(10)
  },
  'refused callbacks': async (log) => {
    for (const start of [setTimeout, setInterval])
      try {
        start('code' as never, 1)
      } catch (error) {
        log(`${(error as Error).name} ${(error as NodeJS.ErrnoException).code}`)
      }
  },
  'promisified timers, and values': async (log) => {
    log(await promisify(setTimeout)(1, 'value'))
    log(await timersPromises.setTimeout(1, 'other'))
    log(await timersPromises.setTimeout())
  },
  'aborted waits': async (log) => {
    const tell = (error: unknown): void => {
      const { name, code, message, cause } = error as NodeJS.ErrnoException & { cause: unknown }
      log([name, code, message, cause instanceof Error ? cause.name : cause])
    }
    const aborted = AbortSignal.abort('why')
    await timersPromises.setTimeout(1, 0, { signal: aborted }).catch(tell)
    await timersPromises.scheduler.wait(1, { signal: aborted }).catch(tell)
    const later = new AbortController()
    const wait = timersPromises.setTimeout(50, 0, { signal: later.signal }).catch(tell)
    setTimeout(() => later.abort('now'), 1)
    await wait
    await timersPromises.setTimeout('x' as never).catch(tell)
    await timersPromises.setTimeout(1, 0, { signal: 'x' as never }).catch(tell)
    await timersPromises.setTimeout(1, 0, { ref: 'x' as never }).catch(tell)
    await timersPromises.setTimeout(1, 0, 'x' as never).catch(tell)
    await timersPromises.setTimeout(1, 0, null as never).catch(tell)
  },
  'signals are let go of': async (log) => {
    const { signal } = new AbortController()
    const listeners = (of = signal): number => getEventListeners(of, 'abort').length
    await timersPromises.setTimeout(1, 0, { signal })
    await timersPromises.scheduler.wait(1, { signal })
    for await (const _ of timersPromises.setInterval(1, 0, { signal })) break
    log(listeners())
    const left = new AbortController()
    const waits = [timersPromises.setTimeout(50, 0, { signal: left.signal })]
    const beats = timersPromises.setInterval(50, 0, { signal: left.signal })[Symbol.asyncIterator]()
    waits.push(beats.next() as Promise<never>)
    log(listeners(left.signal))
    left.abort()
    await Promise.allSettled(waits)
    log(listeners(left.signal))
  },
  'refused intervals': async (log) => {
    for (const [delay, options] of [
      ['x', undefined],
      [1, { signal: AbortSignal.abort('why') }],
    ] as const)
      try {
        for await (const _ of timersPromises.setInterval(delay as number, 0, options)) log('beat')
      } catch (error) {
        log((error as NodeJS.ErrnoException).code)
      }
  },
  'an interval that is wound up by its own callback': async (log) => {
    let beats = 0
    // A busy machine may be late for any of them.
    const last = Promise.withResolvers<void>()
    const beat = setInterval(() => {
      log(++beats)
      beat.refresh()
      if (beats < 3) return
      clearInterval(beat)
      last.resolve()
    }, 1)
    await last.promise
    await timersPromises.setTimeout(10)
  },
  'globals are listed or hidden as before': async (log) => {
    for (const [holder, key] of [
      [globalThis, 'setTimeout'],
      [globalThis, 'Date'],
      [AbortSignal, 'timeout'],
      [performance, 'now'],
      [Math, 'random'],
    ] as const)
      log(Object.getOwnPropertyDescriptor(holder, key)?.enumerable)
    await timersPromises.scheduler.wait(1)
  },
  'randomness of the right shape': async (log) => {
    log(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(crypto.randomUUID()))
    log(String(Reflect.apply(crypto.randomUUID, crypto, [{ disableEntropyCache: true }])).length)
    log(crypto.getRandomValues(new Uint8Array(64)).some((byte) => byte !== 0))
    log(crypto.getRandomValues(new Uint32Array(64)).some((word) => word > 0xffff))
  },
  'intervals that are iterated': async (log) => {
    for await (const value of timersPromises.setInterval(1, 'beat')) {
      log(value)
      if (Math.random() >= 0) break
    }
    const stop = new AbortController()
    let beats = 0
    try {
      for await (const value of timersPromises.setInterval(1, 'beat', { signal: stop.signal })) {
        log(value)
        if (++beats === 3) stop.abort('enough')
      }
    } catch (error) {
      log([(error as Error).name, (error as Error).cause])
    }
    const beat = timersPromises.setInterval(1)[Symbol.asyncIterator]()
    log([(await beat.next()).done, (await beat.return?.())?.done, (await beat.next()).done])
  },
  'dates are dates': async (log) => {
    const { Date: its } = globalThis
    class Day extends Date {
      day(): string {
        return this.toISOString().slice(0, 10)
      }
    }
    const made = new Date(0)
    log([
      made instanceof Date,
      made.constructor === its,
      Object.prototype.toString.call(made),
      its.name,
      its.length,
    ])
    log([
      new Day(0).day(),
      new Day() instanceof Day,
      new Day() instanceof Date,
      typeof Date(),
      Date.UTC(2026, 0),
    ])
    log([Date.parse('2026-01-01T00:00:00Z'), new Date(2026, 0, 1).getFullYear(), new Date(made).getTime()])
    log([
      Math.abs(Date.now() - new Date().getTime()) < 1000,
      Math.abs(Date.now() - Date.parse(Date())) < 2000,
    ])
    log(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000)
    log(structuredClone(made) instanceof Date)
    // Node has it from 26 on.
    const { Temporal } = globalThis as { Temporal?: { Now: Record<string, (zone?: string) => unknown> } }
    for (const [name, zone] of Temporal === undefined ? [] : TEMPORAL) {
      const now = String(Temporal?.Now[name]?.(zone))
      log([name, zone, now.length > 7, now.includes('[UTC]')])
    }
  },
  'the high-resolution clock': async (log) => {
    const began = process.hrtime()
    const beganNs = process.hrtime.bigint()
    await timersPromises.setTimeout(20)
    const [seconds, nanoseconds] = process.hrtime(began)
    log([seconds, nanoseconds >= 18_000_000, process.hrtime.bigint() - beganNs >= 18_000_000n])
    log(Number.isNaN(process.hrtime([1, 'x'] as never)[1]))
    for (const bad of ['x', [1]])
      try {
        process.hrtime(bad as never)
      } catch (error) {
        log((error as NodeJS.ErrnoException).code)
      }
  },
  'the async context of whoever set the timer': async (log) => {
    const request = new AsyncLocalStorage<string>()
    await Promise.all(
      ['a', 'b'].map((id) =>
        request.run(id, async () => {
          await new Promise((done) => setTimeout(done, 1))
          log(request.getStore())
          await new Promise<void>((done) => setTimeout(() => (log(request.getStore()), done()), 1))
        }),
      ),
    )
  },
}

async function logOf(script: Script): Promise<unknown[]> {
  const log: unknown[] = []
  await script((what) => log.push(what))
  return log
}

describe('virtual timers do what Node does', () => {
  let timeline: GlobalTimeline
  beforeEach(() => (timeline = new GlobalTimeline(WALL_START_MS)))
  afterEach(() => {
    timeline.uninstall()
    vi.restoreAllMocks()
  })

  test.for(Object.entries(SCRIPTS))('%s', async ([, script]) => {
    // Outside of a scenario the fakes pass everything on: that is what Node does.
    const real = await logOf(script)
    let virtual: unknown[] = []
    const end = await drive(new SimWorld({ timeline }), async () => {
      virtual = await logOf(script)
    })
    expect(end).toEqual({ kind: 'settled' })
    expect(virtual).toEqual(real)
    expect(virtual.length).toBeGreaterThan(0)
    expect(timeline.referenced()).toEqual([])
  })
})
