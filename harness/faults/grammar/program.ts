import type { StoredJson } from './json.ts'

/**
 * A fault program as a value: what the text `3*reject(ECONNRESET) -> off` means. YAML, the builder and generated
 * exploration all produce this shape; `parse` and `print` convert it from and to text.
 *
 * ```
 * program := step ("->" step)*
 * step    := [P "%"] [N "*" | "inf*" | "sticky*"] verb ["(" args ")"] ["@" MS]
 * ```
 *
 * @example
 * const program: FaultProgram = parseFaultProgram('2*reset -> off')
 * program.steps.map(({ verb }) => verb) // ['reset', 'off']
 */
export interface FaultProgram {
  /** At least one, at most 64. The last one repeats for every later call. */
  readonly steps: readonly FaultStep[]
}

export interface FaultStep {
  /** Chance above 0 and up to 100 that a call is faulted, drawn from the world's seed; a call that is not drawn passes through and still counts. */
  readonly percent: number
  /** How many calls this step takes; `Infinity` for `inf*`, which only the last step can have. The last step of a program repeats whatever its times. */
  readonly times: number
  /**
   * Once it has acted it acts on every further call, whatever chance or `where` says; only with `times: Infinity`. Absent
   * for false.
   */
  readonly sticky?: boolean | undefined
  readonly verb: string
  /** Positional arguments, already of the verb's types. */
  readonly args: readonly StoredJson[]
  /** Named arguments, e.g. `{ 'retry-after': 3 }`; empty when there are none. */
  readonly named: Readonly<Record<string, StoredJson>>
  /** Virtual milliseconds to wait before the fault acts. */
  readonly afterMs: number
}
