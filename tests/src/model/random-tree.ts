import fc from 'fast-check'
import type { ChooseTree, LoopTree, Mapping, ParallelTree, Script, StepTree, Tree, Write } from './tree.ts'

const DEPTH_MAX = 4

/** No two moments of a run may be the same: which of two branches goes first then is nothing that a contract says. */
function fraction(name: string): number {
  let hash = 2_166_136_261
  for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619)
  // A binary fraction, so that sums are exact whatever is added first.
  return ((hash ^ (hash >>> 15)) >>> 4) / 2 ** 28
}

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), key: fc.constantFrom('list' as const, 'log' as const) }),
  fc.record({
    kind: fc.constant('set' as const),
    key: fc.constantFrom('a' as const, 'b' as const),
    value: fc.nat(2),
  }),
)
const script: fc.Arbitrary<Script> = fc.record({
  ms: fc.integer({ min: 1, max: 30 }),
  throws: fc.boolean(),
  tokens: fc.nat(3),
  writes: fc.array(write, { maxLength: 2 }),
})
const mapping: fc.Arbitrary<Mapping> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  { weight: 3, arbitrary: fc.constant('maps' as const) },
  { weight: 1, arbitrary: fc.constant('throws' as const) },
)
const rarely = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
)

const step: fc.Arbitrary<StepTree> = fc.record({
  kind: fc.constant('step' as const),
  name: fc.constant(''),
  scripts: fc.array(script, { minLength: 1, maxLength: 3 }),
  retries: fc.nat(2),
  backoffMs: fc.integer({ min: 1, max: 20 }),
  timeoutMs: fc.option(fc.integer({ min: 5, max: 30 }), { nil: undefined }),
})

const { tree } = fc.letrec<{
  tree: Tree
  inner: Tree
  loop: LoopTree
  parallel: ParallelTree
  choose: ChooseTree
}>((tie) => ({
  tree: fc.oneof(
    { maxDepth: DEPTH_MAX, depthSize: 'small', withCrossShrink: true },
    step,
    fc.record({
      kind: fc.constant('pipeline' as const),
      name: fc.constant(''),
      nodes: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('fallback' as const),
      name: fc.constant(''),
      primary: tie('inner'),
      to: tie('tree'),
    }),
    tie('choose'),
    tie('loop'),
    tie('parallel'),
  ),
  inner: fc.oneof(
    { maxDepth: DEPTH_MAX, depthSize: 'small' },
    step,
    tie('choose'),
    tie('loop'),
    tie('parallel'),
  ),
  choose: fc.record({
    kind: fc.constant('choose' as const),
    name: fc.constant(''),
    branches: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    pick: fc.oneof(
      { weight: 8, arbitrary: fc.nat(2) },
      { weight: 2, arbitrary: fc.constantFrom('unknown' as const, 'throws' as const) },
    ),
    otherwise: fc.option(tie('tree'), { nil: undefined, freq: 3 }),
    decideMs: fc.integer({ min: 1, max: 5 }),
  }),
  loop: fc.record({
    kind: fc.constant('loop' as const),
    name: fc.constant(''),
    body: tie('tree'),
    max: fc.integer({ min: 1, max: 3 }),
    metAt: fc.integer({ min: 1, max: 4 }),
    untilThrowsAt: rarely,
    initial: mapping,
    next: mapping,
    nextThrowsAt: rarely,
    output: mapping,
    decideMs: fc.integer({ min: 1, max: 5 }),
  }),
  parallel: fc.record({
    kind: fc.constant('parallel' as const),
    name: fc.constant(''),
    branches: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    mode: fc.constantFrom('cancel' as const, 'collect' as const, 'ignore' as const),
    merge: fc.constantFrom('error-on-conflict', 'overwrite', 'keep-first', 'none'),
  }),
}))

/** Random trees, with names and times that are unique in them. */
export const randomTree: fc.Arbitrary<Tree> = tree.map((shape) => {
  let count = 0
  return named(shape, () => `n${++count}`)
})

function named(node: Tree, next: () => string): Tree {
  const name = next()
  const each = (child: Tree): Tree => named(child, next)
  switch (node.kind) {
    case 'step':
      return {
        ...node,
        name,
        scripts: node.scripts.map((each_, index) => ({
          ...each_,
          ms: each_.ms + fraction(`${name}.${index}`),
        })),
        backoffMs: node.backoffMs + fraction(`${name} backoff`),
        timeoutMs: node.timeoutMs === undefined ? undefined : node.timeoutMs + fraction(`${name} timeout`),
      }
    case 'pipeline':
      return { ...node, name, nodes: node.nodes.map(each) }
    case 'fallback': {
      const primary = each(node.primary)
      // A chain has the name of its first part.
      return { ...node, name: primary.name, primary, to: each(node.to) }
    }
    case 'choose':
      return {
        ...node,
        name,
        branches: node.branches.map(each),
        pick: typeof node.pick === 'number' ? node.pick % node.branches.length : node.pick,
        otherwise: node.otherwise === undefined ? undefined : each(node.otherwise),
        decideMs: node.decideMs + fraction(`${name} decides`),
      }
    case 'loop':
      return { ...node, name, body: each(node.body), decideMs: node.decideMs + fraction(`${name} decides`) }
    case 'parallel':
      return { ...node, name, branches: node.branches.map(each) }
  }
}

/** When the caller leaves, if it does: never at the moment of anything else. */
export const randomAbortMs: fc.Arbitrary<number | undefined> = fc.option(
  fc.integer({ min: 1, max: 120 }).map((ms) => ms + 1 / 2 ** 30),
  { nil: undefined, freq: 3 },
)
