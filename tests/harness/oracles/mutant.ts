import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as shakedown from 'shakedown'
import { type Executor, realExecutor } from '../../../harness/run/execution.ts'
import * as engine from '../../../src/index.ts'
import { makeFallback } from '../../../src/nodes/fallback.ts'

/** The engine with one line of its source changed: a real executor with a real bug, and its builders. */
export interface Mutant {
  readonly lib: Builders
  readonly executor: Executor
}

/** What subjects are built of: the engine's builders and its inner one. */
export type Builders = typeof shakedown & {
  readonly makeFallback: typeof makeFallback
}

/** One change of the engine's source. The old text must stand in the file exactly once, or the mutant is out of date. */
export interface Mutation {
  /** Below `src/`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The engine as it is: what a mutant is compared with. */
export const unchanged: Mutant = { lib: { ...engine, makeFallback }, executor: realExecutor }

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
    for (const mutation of mutations) await mutate(join(folder, 'src', mutation.file), mutation)
    // By Node itself: Vitest would transform each module of each copy, which takes ten times as long.
    const load = (file: string): unknown => require(join(folder, file))
    const lib = load('src/index.ts') as typeof shakedown
    const plans = load('src/run/plan-of.ts') as { planOf: Executor['planOf'] }
    const chains = load('src/nodes/fallback.ts') as { makeFallback: typeof makeFallback }
    const { createEngine, isGenuineEngine, isNode } = lib
    const executor: Executor = { createEngine, isGenuineEngine, isNode, planOf: plans.planOf }
    return await use({ lib: { ...lib, ...chains }, executor })
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
