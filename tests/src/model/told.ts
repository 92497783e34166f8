import type { Call } from './build.ts'

/** What the interpreter says of a node: a result as the contract has it, without what no contract says. */
export interface Result {
  readonly name: string
  readonly path: string
  readonly status: 'completed' | 'failed' | 'cancelled'
  readonly output: unknown
  readonly feedback: string | null
  readonly attempts: number
  readonly latencyMs: number
  readonly tokens: number
  readonly metadata: Readonly<Record<string, unknown>>
  readonly children: Readonly<Record<string, Result>>
}

/** A record of the trail, with tokens by where they came from. */
export type Row = Readonly<Record<string, unknown>>

/** When the scope a node runs in is aborted, and what the feedback of what it ends says. */
export interface Abort {
  readonly atMs: number
  readonly reason: string
}

/** One token's view of a run. */
export interface Scope {
  /** By where it came from: `t`, `t/b0` for a branch, `(t/b0+t/b1)` for what came of branches. */
  token: string
  readonly visit: number
  readonly visits: Map<string, number>
  /** What is committed here. */
  context: ReadonlyMap<string, unknown>
  /** What was done to it, in order, since it was forked. */
  readonly done: Deed[]
  /** The clock. */
  now: number
  readonly abort: Abort | undefined
}

export type Deed =
  | { readonly kind: 'append'; readonly key: string; readonly item: unknown }
  | { readonly kind: 'set'; readonly key: string; readonly value: unknown }

/** What a run leaves behind, whoever did what. */
export interface Ledger {
  readonly rows: Row[]
  readonly calls: Call[]
  /** How often each step's function was called. */
  readonly called: Map<string, number>
  /** When the last function is done that an abort did not wait for. */
  busyMs: number
}

/** What a node came to, beside what it left behind. */
export interface Spent {
  readonly attempts: number
  readonly latencyMs: number
  readonly tokens: number
}

export const NOTHING: Spent = { attempts: 0, latencyMs: 0, tokens: 0 }

/** Invocations of step functions; a loop's own `attempts` are its iterations. */
export function stepAttemptsOf({ metadata, attempts }: Result): number {
  return (metadata['stepAttempts'] as number | undefined) ?? attempts
}

export function sumOf(parts: readonly Result[]): Spent {
  return parts.reduce<Spent>(
    (sum, part) => ({
      attempts: sum.attempts + stepAttemptsOf(part),
      latencyMs: sum.latencyMs + part.latencyMs,
      tokens: sum.tokens + part.tokens,
    }),
    NOTHING,
  )
}

/** Commits deeds to a scope. */
export function commit(scope: Scope, deeds: readonly Deed[]): void {
  const context = new Map(scope.context)
  for (const deed of deeds) {
    if (deed.kind === 'set') context.set(deed.key, deed.value)
    else context.set(deed.key, [...((context.get(deed.key) ?? []) as unknown[]), deed.item])
  }
  scope.context = context
  scope.done.push(...deeds)
}
