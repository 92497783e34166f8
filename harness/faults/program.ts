import type { StoredJson } from './json.ts'

/**
 * A fault program as a value: what the text `3*reject(ECONNRESET) -> off` means. YAML, the builder and generated
 * exploration all produce this shape; `parse` and `print` convert it from and to text.
 *
 * ```
 * program := step ("->" step)*
 * step    := [P "%"] [N "*" | "inf*"] verb ["(" args ")"] ["@" MS]
 * ```
 */
export interface FaultProgram {
  /** At least one, at most 64. The last one repeats for every later call. */
  readonly steps: readonly FaultStep[]
}

export interface FaultStep {
  /** Chance from 0 to 100 that a call is faulted, drawn from the world's seed; a call that is not drawn passes through and still counts. */
  readonly percent: number
  /** How many calls this step takes; `Infinity` for `inf*`. The last step of a program repeats whatever its times. */
  readonly times: number
  readonly verb: string
  /** Positional arguments, already of the verb's types. */
  readonly args: readonly StoredJson[]
  /** Virtual milliseconds to wait before the fault acts. */
  readonly afterMs: number
}

/** The kinds of boundary point the grammar knows. */
export type PointKind = 'step' | 'fn' | 'http'

/** `kind ":" name ["#" nth]`, e.g. `step:draft`, `http:POST /orders`, `fn:save#2`. */
export interface PointPattern {
  readonly kind: PointKind
  readonly name: string
  /** Only the nth call of the point, from 1; `undefined` for every call. */
  readonly nth: number | undefined
}
