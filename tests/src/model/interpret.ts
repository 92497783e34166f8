import { interpretParallel } from './interpret-parallel.ts'
import { interpretLoop } from './interpret-loop.ts'
import { interpretStep } from './interpret-step.ts'
import { cancelled, decides, ended, event } from './ledger.ts'
import { type Ledger, NOTHING, type Result, type Row, type Scope, sumOf } from './told.ts'
import { branchKey, type ChooseTree, type FallbackTree, type PipelineTree, type Tree } from './tree.ts'

/**
 * What ENGINE.md says of a tree, as short as it can be said: a node at a time, with a clock that is added to. It shares
 * nothing with the engine. Branches are told one after the other, each from the moment of the fork.
 */
export function interpret(tree: Tree, path: string, input: unknown, scope: Scope, ledger: Ledger): Result {
  switch (tree.kind) {
    case 'step':
      return interpretStep(tree, path, input, scope, ledger)
    case 'pipeline':
      return interpretPipeline(tree, path, input, scope, ledger)
    case 'fallback':
      return interpretFallback(tree, path, input, scope, ledger)
    case 'choose':
      return interpretChoose(tree, path, input, scope, ledger)
    case 'loop':
      return interpretLoop(interpret, tree, path, input, scope, ledger)
    case 'parallel':
      return interpretParallel(interpret, tree, path, input, scope, ledger)
  }
}

/** A composite that ended as its last part did. */
function asPart(
  name: string,
  path: string,
  part: Result,
  parts: readonly Result[],
  children: Result['children'],
  metadata: Row = {},
): Result {
  const { status, output, feedback } = part
  return { name, path, status, output, feedback, ...sumOf(parts), metadata, children }
}

function interpretPipeline(
  { name, nodes }: PipelineTree,
  path: string,
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Result {
  const ran: Result[] = []
  let value = input
  for (const node of nodes) {
    const result = interpret(node, `${path}/${node.name}`, value, scope, ledger)
    ran.push(result)
    if (result.status !== 'completed') break
    value = result.output
  }
  const children = Object.fromEntries(ran.map((result) => [result.name, result]))
  return ended('pipeline', asPart(name, path, ran.at(-1)!, ran, children), scope, ledger)
}

function interpretFallback(
  { name, primary: first, to }: FallbackTree,
  path: string,
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Result {
  const primary = interpret(first, `${path}/${first.name}`, input, scope, ledger)
  if (primary.status !== 'failed')
    return ended('fallback', asPart(name, path, primary, [primary], { primary }), scope, ledger)
  const detail = { from: primary.path, to: `${path}/${to.name}`, feedback: primary.feedback }
  event(scope, path, 'fallback', detail, ledger)
  const fallback = interpret(to, `${path}/${to.name}`, input, scope, ledger)
  const metadata = { fallbackTriggered: true, originalError: primary.feedback }
  const whole = asPart(name, path, fallback, [primary, fallback], { primary, fallback }, metadata)
  const both = `Original error: ${primary.feedback}; Fallback error: ${fallback.feedback}`
  return ended('fallback', whole.status === 'failed' ? { ...whole, feedback: both } : whole, scope, ledger)
}

function interpretChoose(
  { name, branches, pick, otherwise, decideMs }: ChooseTree,
  path: string,
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Result {
  const startedMs = scope.now
  const decided = decides(decideMs, scope, ledger)
  const spent = { ...NOTHING, latencyMs: scope.now - startedMs }
  const fails = (feedback: string): Result => {
    const end = { name, path, status: 'failed' as const, output: undefined, feedback }
    return ended('choose', { ...end, ...spent, metadata: {}, children: {} }, scope, ledger)
  }
  if (!decided) return ended('choose', cancelled(name, path, scope, spent), scope, ledger)
  if (pick === 'throws') return fails(`The selector of choose '${name}' threw: no way`)
  const [key, branch] =
    typeof pick === 'number' ? [branchKey(pick), branches[pick]] : ['otherwise', otherwise]
  if (branch === undefined) {
    const known = branches.map((_, index) => `'${branchKey(index)}'`).join(', ')
    return fails(
      `Expected the selector of choose '${name}' to give the name of one of its branches, ${known}, got "unknown".`,
    )
  }
  const selected = typeof pick === 'number' ? {} : { selected: 'unknown' }
  event(scope, path, 'chosen', { branch: key, ...selected }, ledger)
  const result = interpret(branch, `${path}/${key}`, input, scope, ledger)
  const whole = asPart(name, path, result, [result], { [key]: result }, { chosen: key })
  return ended('choose', { ...whole, latencyMs: whole.latencyMs + spent.latencyMs }, scope, ledger)
}
