import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as shakedown from 'shakedown'
import type { planOf } from '../../../src/run/plan-of.ts'
import type { Executor } from '../../../harness/run/execution.ts'

/** The engine with one line of its source changed: a real executor with a real bug, and its builders. */
export interface Mutant {
  readonly lib: typeof shakedown
  readonly executor: Executor
}

/** One change of the engine's source. The old text must stand in the file exactly once, or the mutant is out of date. */
export interface Mutation {
  /** Below `src/`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The repository. Stryker runs this in a copy whose source holds all of its own mutants; it says where the true one is. */
const ROOT = process.env['TRUE_SOURCE_ROOT'] ?? join(import.meta.dirname, '../../..')

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
    const load = async (file: string): Promise<unknown> =>
      import(/* @vite-ignore */ pathToFileURL(join(folder, 'src', file)).href)
    const lib = (await load('index.ts')) as typeof shakedown
    const plan = (await load('run/plan-of.ts')) as { planOf: typeof planOf }
    const { createEngine, isGenuineEngine, isNode } = lib
    return await use({ lib, executor: { createEngine, isGenuineEngine, isNode, planOf: plan.planOf } })
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
