import { cancelled, ended, isAborted, type Interpret } from './ledger.ts'
import { commit, type Abort, type Deed, type Ledger, type Result, type Scope, sumOf } from './told.ts'
import { branchKey, type ParallelTree, type Tree } from './tree.ts'

/** One branch, told to its end. */
interface Branch {
  readonly key: string
  readonly result: Result
  readonly scope: Scope
  readonly ledger: Ledger
}

/** Branches at once, each with a token and a context of its own; then what completed ones wrote is merged. */
export function interpretParallel(
  interpret: Interpret,
  tree: ParallelTree,
  path: string,
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Result {
  const { name, mode } = tree
  if (isAborted(scope)) return ended('parallel', cancelled(name, path, scope), scope, ledger)
  const { token, now: startedMs, abort } = scope
  ledger.rows.push({ row: 'outcome', token, outcome: 'forked', reason: null, atMs: startedMs })
  const tell = (child: Tree, index: number, until: Abort | undefined): Branch => {
    const key = branchKey(index)
    const part: Scope = { ...scope, token: `${token}/${key}`, visits: new Map(), done: [], abort: until }
    const own: Ledger = { rows: [], calls: [], called: new Map(ledger.called), busyMs: 0 }
    return { key, scope: part, ledger: own, result: interpret(child, `${path}/${key}`, input, part, own) }
  }
  let branches = tree.branches.map((child, index) => tell(child, index, abort))
  const lost = branches
    .filter(({ result }) => result.status === 'failed')
    .toSorted((a, b) => a.scope.now - b.scope.now)
  const [first] = lost
  if (mode === 'cancel' && first !== undefined) {
    const cancels = { atMs: first.scope.now, reason: `branch '${first.key}' failed` }
    branches = branches.map((branch, index) =>
      branch.scope.now <= cancels.atMs ? branch : tell(tree.branches[index]!, index, cancels),
    )
  }
  for (const { key, ledger: own } of branches) {
    ledger.rows.push({ row: 'token', token: `${token}/${key}`, branch: key, atMs: startedMs }, ...own.rows)
    ledger.calls.push(...own.calls)
    ledger.busyMs = Math.max(ledger.busyMs, own.busyMs)
    for (const [step, times] of own.called)
      ledger.called.set(step, Math.max(times, ledger.called.get(step) ?? 0))
  }
  const endedMs = Math.max(...branches.map((branch) => branch.scope.now))
  // Functions of cancelled branches are waited for, until an abort from above ends that, too.
  const left = mode === 'cancel' && first !== undefined ? branches.filter(isCancelled) : []
  const busyMs = left.map((branch) => branch.ledger.busyMs)
  scope.now = Math.max(endedMs, Math.min(Math.max(...busyMs), abort?.atMs ?? Infinity))
  const whole = wholeOf(tree, path, branches, scope, startedMs)
  join(tree, path, branches, scope, whole, ledger)
  return ended('parallel', whole, scope, ledger)
}

const isCancelled = ({ result }: Branch): boolean => result.status === 'cancelled'

const hasCompleted = ({ result }: Branch): boolean => result.status === 'completed'

function wholeOf(
  { name, mode, merge }: ParallelTree,
  path: string,
  branches: readonly Branch[],
  scope: Scope,
  startedMs: number,
): Result {
  const results = branches.map(({ result }) => result)
  const spent = { ...sumOf(results), latencyMs: scope.now - startedMs }
  const children = Object.fromEntries(branches.map(({ key, result }) => [key, result]))
  const all = branches.every(hasCompleted)
  if (isAborted(scope) && !all) return cancelled(name, path, scope, spent, children)
  const merges = mode === 'cancel' ? all : branches.some(hasCompleted)
  const conflict = merges ? merged(merge, branches.filter(hasCompleted), scope) : undefined
  const base = { name, path, ...spent, children, metadata: {} }
  if (mode === 'ignore' ? !branches.some(hasCompleted) : !all) {
    const failed = failures(branches)
    const feedback = conflict === undefined ? failed : `${failed}; ${conflict}`
    return { ...base, status: 'failed', output: undefined, feedback }
  }
  if (conflict !== undefined) return { ...base, status: 'failed', output: undefined, feedback: conflict }
  const given = branches.filter(hasCompleted)
  const output = Object.fromEntries(given.map(({ key, result }) => [key, result.output]))
  const ignored = branches.filter((branch) => !hasCompleted(branch)).map(({ key }) => key)
  const metadata = ignored.length === 0 ? {} : { ignoredBranches: ignored }
  return { ...base, status: 'completed', output, feedback: null, metadata }
}

function failures(branches: readonly Branch[]): string {
  const failed = branches.filter(({ result }) => result.status === 'failed')
  const [only] = failed
  if (failed.length === 1) return `branch '${only!.key}' failed: ${only!.result.feedback}`
  const reasons = failed.map(({ key, result }) => `'${key}': ${result.feedback}`)
  return `${failed.length} of ${branches.length} branches failed: ${reasons.join('; ')}`
}

/** Merges what branches wrote, in declared order. @returns the conflict that kept it from being merged */
function merged(merge: ParallelTree['merge'], branches: readonly Branch[], scope: Scope): string | undefined {
  if (merge === 'none') return undefined
  const deeds: Deed[] = []
  const conflicts: [key: string, writers: readonly Branch[]][] = []
  for (const key of new Set(branches.flatMap(({ scope: { done } }) => done.map((deed) => deed.key)))) {
    const writers = branches.filter(({ scope: { done } }) => done.some((deed) => deed.key === key))
    const appends = writers.flatMap(({ scope: { done } }) =>
      done.filter((deed) => deed.key === key && deed.kind === 'append'),
    )
    if (appends.length > 0) {
      deeds.push(...appends)
      continue
    }
    const values = writers.map((branch) => branch.scope.context.get(key))
    if (new Set(values).size > 1) conflicts.push([key, writers])
    deeds.push({ kind: 'set', key, value: merge === 'keep-first' ? values[0] : values.at(-1) })
  }
  const [first] = conflicts
  if (first !== undefined && merge === 'error-on-conflict') return conflictOf(first, conflicts.length - 1)
  commit(scope, deeds)
  return undefined
}

function conflictOf([key, writers]: [string, readonly Branch[]], more: number): string {
  const names = writers.map((writer) => `'${writer.key}'`)
  const others = more === 0 ? '' : `, and to ${more} more ${more === 1 ? 'key' : 'keys'}`
  return `Merge conflict for key '${key}': branches ${names.slice(0, -1).join(', ')} and ${names.at(-1)} wrote different values${others}`
}

/** The tokens of the branches get their outcomes, and the run carries on as the one that came of them. */
function join(
  { mode }: ParallelTree,
  path: string,
  branches: readonly Branch[],
  scope: Scope,
  whole: Result,
  ledger: Ledger,
): void {
  const atMs = scope.now
  const isMerged = whole.status === 'completed'
  for (const branch of branches) {
    const { token, visit } = branch.scope
    const { status, feedback } = branch.result
    if (status !== 'completed') {
      ledger.rows.push({ row: 'outcome', token, outcome: status, reason: feedback, atMs })
      continue
    }
    ended(
      'join',
      { ...whole, status: 'completed', feedback: null, attempts: 0, latencyMs: 0, tokens: 0, metadata: {} },
      { ...branch.scope, visit, now: atMs },
      ledger,
    )
    const outcome = isMerged ? 'coalesced' : whole.status
    ledger.rows.push({ row: 'outcome', token, outcome, reason: isMerged ? null : whole.feedback, atMs })
  }
  const came = branches.filter(hasCompleted).toSorted((a, b) => a.scope.now - b.scope.now)
  scope.token = `(${branches.map((branch) => branch.scope.token).join('+')})`
  ledger.rows.push({ row: 'token', token: scope.token, branch: null, atMs })
  ledger.rows.push({
    row: 'join',
    path,
    visit: scope.visit,
    token: scope.token,
    atMs,
    policy: mode === 'ignore' ? 'best-effort' : 'all',
    status: isMerged ? 'merged' : 'failed',
    arrived: came.map(({ key, scope: { token, now } }) => ({ branch: key, token, atMs: now })),
    lost: branches
      .filter((branch) => !hasCompleted(branch))
      .map(({ key, result }) => ({ branch: key, reason: result.feedback })),
    waitedMs: came[0] === undefined ? 0 : atMs - came[0].scope.now,
    reason: isMerged ? null : whole.feedback,
  })
}
