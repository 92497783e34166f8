import { join } from 'node:path'
import {
  createEngine,
  openSqliteAudit,
  parallel,
  type ParallelOptions,
  pipeline,
  step,
  type World,
  systemWorld,
} from 'shakedown'
import type { Work } from './growth.ts'

/**
 * What must cost the same per unit however much of it there is. Files are made in `folder`. Keys of one context are not
 * among it: a change costs the logarithm of their number (about 1.4 times as much with each four times as many).
 */
export function works(folder: string): readonly Work[] {
  const file = (name: string): string => join(folder, `${name.replaceAll(/\W+/g, '-')}.db`)
  return [
    {
      name: 'appends to one list, one a step',
      unit: 'step',
      sizes: [250, 1_000, 4_000],
      prepare: async (size) => {
        const engine = createEngine()
        const node = stepsOf(size, (n, ctx) => {
          ctx.context.append('list', { n })
          return n + 1
        })
        return { units: size, run: async () => void (await engine.run(node, 0)) }
      },
    },
    {
      name: 'steps in one run, in memory',
      unit: 'step',
      sizes: [250, 1_000, 4_000],
      prepare: async (size) => {
        const engine = createEngine()
        const node = stepsOf(size, (n) => n + 1)
        return { units: size, run: async () => void (await engine.run(node, 0)) }
      },
    },
    {
      name: 'steps in one run, recorded',
      unit: 'step',
      sizes: [250, 1_000, 4_000],
      prepare: async (size) => {
        const engine = createEngine({ audit: file(`steps ${size}`) })
        const node = stepsOf(size, (n) => n + 1)
        return { units: size, run: async () => void (await engine.run(node, 0)) }
      },
    },
    {
      name: 'runs at once, recorded',
      unit: 'run',
      sizes: [625, 2_500, 10_000],
      prepare: async (size) => {
        const engine = createEngine({ audit: file(`runs ${size}`) })
        const node = stepsOf(3, (n) => n + 1)
        return {
          units: size,
          run: async () => {
            await Promise.all(Array.from({ length: size }, () => engine.run(node, 0)))
          },
        }
      },
    },
    {
      name: 'rows in a payload, recorded',
      unit: 'row',
      sizes: [250, 1_000, 4_000],
      prepare: async (size) => {
        const engine = createEngine({ audit: file(`payload ${size}`) })
        const rows = Array.from({ length: size }, (_, id) => ({ id, name: `row ${id}`, price: id / 7 }))
        const node = step('pass', (given: typeof rows) => given)
        return { units: size, run: async () => void (await engine.run(node, rows)) }
      },
    },
    ...branches(file),
    ...queries(file),
  ]
}

type Run = Parameters<typeof step<number, number>>[1]

/** Branches of one parallel node. */
function branches(file: (name: string) => string): readonly Work[] {
  const work = (name: string, run: Run, options: ParallelOptions = {}, recorded = false): Work => ({
    name: `branches of one node, ${name}`,
    unit: 'branch',
    // All branches are there at once: of fewer, what they keep fits into a processor's nearest cache.
    sizes: [1_000, 4_000, 16_000],
    prepare: async (size) => {
      const engine = createEngine(recorded ? { audit: file(`branches ${size}`) } : {})
      const steps = Array.from({ length: size }, (_, at) => [`b${at}`, step(`b${at}`, run)] as const)
      const node = parallel('branches', Object.fromEntries(steps), options)
      return { units: size, run: async () => void (await engine.run(node, 0)) }
    },
  })
  const add: Run = (n) => n + 1
  const append: Run = (n, ctx) => {
    ctx.context.append('list', n)
    return n
  }
  const fail: Run = (n, { step: name }) => {
    if (name === 'b0') throw new Error('the first one fails')
    return n
  }
  return [
    work('ten at once', add, { concurrency: 10 }),
    work('in memory, each appends', append),
    work('one fails', fail),
    work('recorded', add, {}, true),
  ]
}

function stepsOf(size: number, run: Parameters<typeof step<number, number>>[1]) {
  return pipeline(
    'steps',
    Array.from({ length: size }, (_, index) => step(`s${index}`, run)),
  )
}

/** How many runs a batch of queries reads, so that a sample is not the clock's own time. */
const QUERIES = 200

/** Questions to an audit file: the answer's size is the same, the file's is not. */
function queries(file: (name: string) => string): readonly Work[] {
  const query = (
    name: string,
    ask: (audit: ReturnType<typeof openSqliteAudit>, nth: number) => unknown,
  ): Work => ({
    name,
    unit: 'query',
    sizes: [1_000, 4_000, 16_000],
    prepare: async (size) => {
      const world = countingWorld()
      const audit = openSqliteAudit(file(`${name} ${size}`), { clock: world.clock })
      await record(createEngine({ audit, world }), size)
      return {
        units: QUERIES,
        run: async () => {
          for (let nth = 0; nth < QUERIES; nth++) ask(audit, Math.floor((nth * size) / QUERIES))
        },
      }
    },
  })
  return [
    query('the newest 50 runs', (audit) => audit.runs()),
    query('the newest 50 failed runs', (audit) => audit.runs({ status: 'failed' })),
    query('the 50 failed runs of a pipeline', (audit) =>
      audit.runs({ status: 'failed', pipeline: 'common' }),
    ),
    query('the trail of a run', (audit, nth) => audit.trail(`run-${nth}`)),
  ]
}

/** Ids that can be asked for again. */
function countingWorld(): World {
  let runs = 0
  return { ...systemWorld(), nextId: (kind) => `${kind}-${runs++}` }
}

/**
 * Runs of two pipelines, one failed in four. Of the one called `common` only the 50 oldest failed, so that finding them
 * takes an index of pipeline and status.
 */
async function record(engine: ReturnType<typeof createEngine>, size: number): Promise<void> {
  const run = step('s', (n: number) => {
    if (n % 4 === 1 || (n < 100 && n % 2 === 0)) throw new Error('failed')
    return n
  })
  const [common, other] = [pipeline('common', run), pipeline('other', run)]
  for (let from = 0; from < size; from += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => engine.run(index % 2 === 0 ? common : other, from + index)),
    )
  }
}
