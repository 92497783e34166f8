import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as shakedown from 'shakedown'
import type { createEngineOf } from '../../../src/engine.ts'
import type { makeFallback } from '../../../src/nodes/fallback.ts'
import type { KINDS } from '../../../src/run/kinds.ts'
import type { createPlanner } from '../../../src/run/plan-of.ts'
import type { parallel } from '../../src/run/parallel.ts'
import type { ParallelRunner } from '../../src/run/parallel-runner.ts'
import type { Executor } from '../../../harness/run/execution.ts'

/** The engine with one line of its source changed: a real executor with a real bug, and its builders. */
export interface Mutant {
  readonly lib: Builders
  readonly executor: Executor
}

/** What subjects are built of: the engine's builders, its inner one, and the tests' own node that forks. */
export type Builders = typeof shakedown & {
  readonly makeFallback: typeof makeFallback
  readonly parallel: typeof parallel
}

/** One change of the engine's source. The old text must stand in the file exactly once, or the mutant is out of date. */
export interface Mutation {
  /** Below `src/`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

const require = createRequire(import.meta.url)

/** The repository. */
const ROOT = join(import.meta.dirname, '../../..')

/** Runs `use` with a mutated copy of the engine, which is removed afterwards. */
export async function withMutant<T>(
  mutations: readonly Mutation[],
  use: (mutant: Mutant) => Promise<T>,
): Promise<T> {
  // Inside the project, so that the copy finds its packages; not in node_modules, where types are not stripped.
  await mkdir(join(ROOT, '.shakedown'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.shakedown/mutant-'))
  try {
    await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true })
    // The node that forks is not of the engine yet; its copy imports the mutated engine.
    await cp(join(ROOT, 'tests/src/run'), join(folder, 'tests/src/run'), { recursive: true })
    for (const mutation of mutations) await mutate(join(folder, 'src', mutation.file), mutation)
    // By Node itself: Vitest would transform each module of each copy, which takes ten times as long.
    const load = (file: string): unknown => require(join(folder, file))
    const lib = load('src/index.ts') as typeof shakedown
    const engine = load('src/engine.ts') as { createEngineOf: typeof createEngineOf }
    const plans = load('src/run/plan-of.ts') as { createPlanner: typeof createPlanner }
    const table = load('src/run/kinds.ts') as { KINDS: typeof KINDS }
    const chains = load('src/nodes/fallback.ts') as { makeFallback: typeof makeFallback }
    const fork = load('tests/src/run/parallel.ts') as { parallel: typeof parallel }
    const forks = load('tests/src/run/parallel-runner.ts') as { ParallelRunner: typeof ParallelRunner }
    const kinds = { ...table.KINDS, parallel: forks.ParallelRunner }
    const { isGenuineEngine, isNode } = lib
    const createEngine: Executor['createEngine'] = (options) => engine.createEngineOf(kinds, options)
    const executor: Executor = { createEngine, isGenuineEngine, isNode, planOf: plans.createPlanner(kinds) }
    return await use({ lib: { ...lib, ...chains, ...fork }, executor })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function mutate(path: string, { file, from, to }: Mutation): Promise<void> {
  const text = await readFile(path, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`Expected src/${file} to hold exactly once: ${from}`)
  await writeFile(
    path,
    text.replace(from, () => to),
  )
}
