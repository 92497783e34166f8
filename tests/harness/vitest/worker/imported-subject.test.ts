import { promisify } from 'node:util'
import { type Ports, runScenario, WALL_START_MS } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { importSubject, subjectOfImport } from '../../../../harness/vitest/worker/imported-subject.ts'

test('what a subject has put aside when it was imported is virtual in scenarios, and real outside', async () => {
  const before = [setTimeout, Date]
  let sleep = promisify(setTimeout)
  const imported = await importSubject('/p/naps.scenario.yaml', './naps.ts', async () => {
    sleep = promisify(setTimeout)
    const { now } = Date
    const naps = async (_: unknown, ports: Ports): Promise<number> => {
      const beganMs = now()
      await sleep(3_600_000)
      ports.fn('tell', () => 1)()
      return now() - beganMs
    }
    return { naps }
  })
  expect([setTimeout, Date]).toEqual(before)
  const spec = { name: 'naps', subject: './naps.ts#naps', faults: {}, seed: 1, http: 'ports' } as const
  const verdict = await runScenario({
    spec: { ...spec, expect: { output: 3_600_000, virtualMs: 3_600_000 } },
    subject: subjectOfImport(imported, './naps.ts#naps'),
  })
  expect(verdict.problems).toEqual([])
  await sleep(1)
})

test('a subject that cannot be imported leaves the globals as they were', async () => {
  const before = [setTimeout, Date]
  const imported = await importSubject('/p/a.scenario.yaml', './missing.ts', () =>
    Promise.reject(new Error('no')),
  )
  expect(imported.kind).toBe('failure')
  expect([setTimeout, Date]).toEqual(before)
})

test('what a module reads of the clocks when it is imported is the moment at which scenarios begin', async () => {
  const read = (): readonly number[] => [Date.now(), performance.now(), Number(process.hrtime.bigint())]
  let atImport: readonly number[] = []
  let outside: readonly number[] = []
  await importSubject('/p/a.scenario.yaml', './a.ts', async () => {
    atImport = read()
    return {}
  })
  outside = read()
  expect(atImport).toEqual([WALL_START_MS, 1_000, 1_000_000_000])
  expect(outside.some((value, index) => value === atImport[index])).toBe(false)
})
