import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fallback, handleAll, retry } from 'cockatiel'
import { createEngine, pipeline, step } from 'shakedown'
import { isolate } from '../../src/context/isolate.ts'
import { durableFloor, groupCommitFloor } from './durable-floor.ts'
import { measure, printRows } from './rounds.ts'

const STEPS = 10
const RUNS_AT_ONCE = 20
const OURS = 'shakedown'

console.log(
  `Node ${process.version}. Medians of interleaved rounds; ratios are to the first line of each table.`,
)
await sequence()
await fallbacks()
await copies()
const folder = mkdtempSync(join(tmpdir(), 'shakedown-bench-'))
try {
  await durable()
  await durableAtOnce()
} finally {
  rmSync(folder, { recursive: true })
}
await memory()

function tenSteps() {
  const add = (name: string) => step(name, async (n: number) => n + 1)
  return pipeline(
    'ten',
    Array.from({ length: STEPS }, (_, index) => add(`s${index}`)),
  )
}

async function sequence(): Promise<void> {
  const functions = Array.from({ length: STEPS }, () => async (n: number) => n + 1)
  const policy = retry(handleAll, { maxAttempts: 1 })
  const engine = createEngine()
  const node = tenSteps()
  const rows = await measure(
    [
      {
        name: 'bare loop',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            let value = 0
            for (const each of functions) value = await each(value)
          }
        },
      },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, 0)
        },
      },
      {
        name: 'cockatiel retry per step',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            let value = 0
            for (const each of functions) value = await policy.execute(() => each(value))
          }
        },
      },
    ],
    { rounds: 40, times: 2_000 },
  )
  printRows('10-step sequence, in memory, no audit; ours keeps results and history', rows, { [OURS]: 6 })
}

async function fallbacks(): Promise<void> {
  const primary = async (_: number): Promise<number> => {
    throw new Error('Original error')
  }
  const backup = async (n: number): Promise<number> => n + 1
  const engine = createEngine()
  const node = step('primary', primary).fallback(step('backup', backup))
  const policy = fallback(handleAll, () => backup(1))
  const rows = await measure(
    [
      {
        name: 'try/catch that keeps both',
        run: async (times) => {
          for (let i = 0; i < times; i++) await keepBoth(primary, backup, i)
        },
      },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, i)
        },
      },
      {
        name: 'cockatiel fallback (keeps neither)',
        run: async (times) => {
          for (let i = 0; i < times; i++) await policy.execute(() => primary(i))
        },
      },
    ],
    { rounds: 40, times: 5_000 },
  )
  printRows('primary throws, fallback succeeds, both records kept', rows, { [OURS]: 1.5 })
}

/** Every attempt is given a copy of its input. */
async function copies(): Promise<void> {
  const inputs = {
    '10 000 rows': Array.from({ length: 10_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      price: id / 7,
      ok: true,
    })),
    'a small object': { id: 7, name: 'x', nested: { a: 1, b: 'two' } },
    'a small object with lists': { id: 7, tags: ['a', 'b'], items: [{ n: 1 }, { n: 2 }] },
  }
  const contender = (name: string, copy: (value: unknown) => unknown, input: unknown) => ({
    name,
    run: async (times: number) => {
      for (let i = 0; i < times; i++) copy(input)
    },
  })
  for (const [what, input] of Object.entries(inputs)) {
    const rows = await measure(
      [
        contender('structuredClone', structuredClone, input),
        contender(OURS, isolate, input),
        contender('bare copy (no cycles, no symbols)', bareCopy, input),
      ],
      { rounds: 30, times: Array.isArray(input) ? 5 : 20_000 },
    )
    printRows(`copying ${what}`, rows, { [OURS]: 0.5 })
  }
}

function bareCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(bareCopy)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = bareCopy((value as Record<string, unknown>)[key])
  return copy
}

/** What a careful person writes by hand to have both attempts on record. */
async function keepBoth(
  primary: (n: number) => Promise<number>,
  backup: (n: number) => Promise<number>,
  input: number,
) {
  const startedMs = performance.now()
  try {
    const output = await primary(input)
    return {
      success: true,
      output,
      attempts: [{ name: 'primary', success: true, output, latencyMs: performance.now() - startedMs }],
    }
  } catch (error) {
    const primaryRecord = {
      name: 'primary',
      success: false,
      error,
      feedback: (error as Error).message,
      latencyMs: performance.now() - startedMs,
    }
    const backupStartedMs = performance.now()
    const output = await backup(input)
    const backupRecord = {
      name: 'backup',
      success: true,
      output,
      latencyMs: performance.now() - backupStartedMs,
    }
    return { success: true, output, attempts: [primaryRecord, backupRecord] }
  }
}

async function durable(): Promise<void> {
  const engine = createEngine({ audit: join(folder, 'one.db') })
  const floor = durableFloor(join(folder, 'one-floor.db'), STEPS)
  const node = tenSteps()
  const rows = await measure(
    [
      { name: 'hand-written, one transaction each', run: floor.run },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, 0)
        },
      },
    ],
    { rounds: 30, times: 200 },
  )
  floor.close()
  await engine.close()
  printRows('10-step run, each attempt committed before the next step, one run alone', rows, { [OURS]: 1.5 })
}

async function durableAtOnce(): Promise<void> {
  const engine = createEngine({ audit: join(folder, 'many.db') })
  const floor = groupCommitFloor(join(folder, 'many-floor.db'), STEPS, RUNS_AT_ONCE)
  const node = tenSteps()
  const rows = await measure(
    [
      { name: 'hand-written group commit', run: floor.run },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i += RUNS_AT_ONCE) {
            await Promise.all(Array.from({ length: RUNS_AT_ONCE }, () => engine.run(node, 0)))
          }
        },
      },
    ],
    { rounds: 30, times: 400 },
  )
  floor.close()
  await engine.close()
  printRows(`the same, ${RUNS_AT_ONCE} runs at once (group commit), per run`, rows, { [OURS]: 1.65 })
}

async function memory(): Promise<void> {
  const engine = createEngine()
  const node = tenSteps()
  const heapMb = async (runs: number): Promise<number> => {
    for (let i = 0; i < runs; i++) await engine.run(node, i)
    globalThis.gc?.()
    return process.memoryUsage().heapUsed / 1_048_576
  }
  const early = await heapMb(1_000)
  const late = await heapMb(99_000)
  console.log(
    `\nheap after 1 000 runs ${early.toFixed(1)} MB, after 100 000 ${late.toFixed(1)} MB  target: within 10 MB: ${late - early <= 10 ? 'met' : 'MISSED'}`,
  )
}
