import {
  type AnyNode,
  createEngine,
  type InputOf,
  memoryAudit,
  type OutputOf,
  type RunOptions,
  type RunResult,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { TappedAudit } from '../../harness/run/tapped-audit.ts'

/** A node run to its end in a simulated world, with what it left behind. */
export interface SimRun<O> {
  readonly result: RunResult<O>
  readonly audit: TappedAudit
  readonly world: SimWorld
}

/** Runs a node in virtual time; fails the test when it never ends. */
export async function runInSim<N extends AnyNode>(
  node: N,
  input: InputOf<N>,
  options: RunOptions = {},
  world: SimWorld = new SimWorld(),
): Promise<SimRun<OutputOf<N>>> {
  const audit = new TappedAudit(memoryAudit())
  const engine = createEngine({ world, audit })
  const run = engine.run(node, input, options)
  const end = await drive(world, run)
  if (end.kind !== 'settled') throw new Error(`the run ended as ${end.kind}`)
  await drain(world)
  return { result: await run, audit, world }
}

/** A step's function that fails `times` times, then gives the value. */
export function failing<T>(
  times: number,
  value: T,
  error: () => unknown = () => new Error('not yet'),
): () => T {
  let calls = 0
  return () => {
    calls++
    if (calls <= times) throw error()
    return value
  }
}
