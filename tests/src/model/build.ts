import type * as shakedown from 'shakedown'
import type { AnyNode, Clock, Node, StepContext } from 'shakedown'
import type { makeFallback } from '../../../src/nodes/fallback.ts'
import { branchKey, type LoopTree, mapped, type Mapping, type StepTree, type Tree } from './tree.ts'

/** A call of a step's function, as it saw it. */
export interface Call {
  readonly step: string
  readonly attempt: number
  readonly input: unknown
  readonly context: Readonly<Record<string, unknown>>
  readonly atMs: number
}

/** Where nodes run. */
export interface Lab {
  readonly calls: Call[]
  /** Decides at once where there is none. */
  readonly clock?: Clock
  readonly lib: Builders
}

/** What nodes are built with: the engine's own, or a mutant's. */
export type Builders = Pick<typeof shakedown, 'choose' | 'loop' | 'parallel' | 'pipeline' | 'step'> & {
  readonly makeFallback: typeof makeFallback
}

type Any = Node<unknown, unknown>

/** The engine's nodes for a tree; their functions note their calls. */
export function build(tree: Tree, lab: Lab): AnyNode {
  return nodeOf(tree, lab)
}

function nodeOf(tree: Tree, lab: Lab): Any {
  const inside = (child: Tree): Any => nodeOf(child, lab)
  const branches = (children: readonly Tree[]): Record<string, Any> =>
    Object.fromEntries(children.map((child, index) => [branchKey(index), inside(child)]))
  const { choose, loop, makeFallback, parallel, pipeline } = lab.lib
  switch (tree.kind) {
    case 'step':
      return stepOf(tree, lab)
    case 'pipeline':
      return pipeline(tree.name, tree.nodes.map(inside))
    case 'fallback':
      return makeFallback(inside(tree.primary), [inside(tree.to)])
    case 'choose': {
      const { name, pick, otherwise } = tree
      const select = async (): Promise<string> => {
        await passed(tree.decideMs, lab)
        if (pick === 'throws') throw new Error('no way')
        return typeof pick === 'number' ? branchKey(pick) : 'unknown'
      }
      const ways = branches(tree.branches)
      return otherwise === undefined
        ? choose(name, select, ways)
        : choose(name, select, ways, { otherwise: inside(otherwise) })
    }
    case 'loop':
      return loop(tree.name, inside(tree.body), loopOptions(tree, lab))
    case 'parallel': {
      const { name, mode, merge } = tree
      return parallel(name, branches(tree.branches), { onBranchFailure: mode, context: merge })
    }
  }
}

function loopOptions(
  { max, metAt, untilThrowsAt, initial, next, nextThrowsAt, output, decideMs }: LoopTree,
  lab: Lab,
) {
  return {
    maxIterations: max,
    until: async (_: unknown, { iteration }: { readonly iteration: number }): Promise<boolean> => {
      await passed(decideMs, lab)
      if (iteration === untilThrowsAt) throw new Error('no idea')
      return iteration === metAt
    },
    initialInput: mapperOf(initial, decideMs, lab),
    nextInput:
      next === 'none' && nextThrowsAt === 0
        ? undefined
        : async (value: unknown, { iteration }: { readonly iteration: number }): Promise<unknown> => {
            await passed(decideMs, lab)
            if (next === 'throws' || iteration === nextThrowsAt) throw new Error('no mapping')
            return next === 'maps' ? mapped(value) : value
          },
    output: mapperOf(output, decideMs, lab),
  }
}

function mapperOf(
  mapping: Mapping,
  decideMs: number,
  lab: Lab,
): ((value: unknown) => Promise<unknown>) | undefined {
  if (mapping === 'none') return undefined
  return async (value) => {
    await passed(decideMs, lab)
    if (mapping === 'throws') throw new Error('no mapping')
    return mapped(value)
  }
}

/** Code that decides has no signal. */
function passed(ms: number, { clock }: Lab): Promise<void> {
  if (clock === undefined) return Promise.resolve()
  return new Promise((resolve) => void clock.after(ms, 'deciding', resolve))
}

function stepOf({ name, scripts, retries, backoffMs, timeoutMs }: StepTree, lab: Lab): Any {
  // One count for each world: a scenario is run again in another one.
  const called = new WeakMap<Clock, number>()
  const run = async (input: unknown, ctx: StepContext): Promise<unknown> => {
    const number = (called.get(ctx.clock) ?? 0) + 1
    called.set(ctx.clock, number)
    const { ms, throws, tokens, writes } = scripts[Math.min(number, scripts.length) - 1]!
    const keys = ctx.context.keys().toSorted()
    const context = Object.fromEntries(keys.map((key) => [key, ctx.context.get(key)]))
    lab.calls.push({
      step: name,
      attempt: ctx.attempt,
      input: structuredClone(input),
      context: structuredClone(context),
      atMs: ctx.clock.monotonicMs(),
    })
    ctx.meter({ tokens, costUsd: tokens / 4 })
    for (const write of writes) {
      if (write.kind === 'append') ctx.context.append(write.key, `${name}.${number}`)
      else ctx.context.set(write.key, write.value)
    }
    // What it does to its input is nobody else's.
    if (typeof input === 'object' && input !== null) (input as Record<string, unknown>)['spoiled'] = true
    await ctx.sleep(ms)
    if (throws) throw new Error(`${name} fails`)
    return { by: `${name}.${number}` }
  }
  return lab.lib.step(name, run, { retries, backoff: { baseMs: backoffMs, maxDelayMs: 1_000 }, timeoutMs })
}
