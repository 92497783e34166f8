import type { ScenarioSpec } from './spec.ts'

/** A scenario ready to run: the data, the subject it names, and where the data was written down. */
export interface Scenario {
  readonly spec: ScenarioSpec
  readonly subject: Subject
  /** Only for scenarios read from a file: lets a problem point at the key it is about. */
  readonly source?: ScenarioSource | undefined
}

/** What a scenario exercises. Never a mock: `runScenario` refuses spies and patched methods. */
export type Subject =
  /** A pipeline or a single step of ours, run by the real engine. */
  | { readonly kind: 'pipeline'; readonly node: unknown }
  /** Anybody's function, called as `(input, ports) => result`. */
  | { readonly kind: 'function'; readonly run: (input: unknown, ports: unknown) => unknown }

/** Where a scenario was written: plain data, so it survives the way into a Vitest worker. */
export interface ScenarioSource {
  /** Absolute path, or as it was given to the loader. */
  readonly file: string
  /** JSON Pointer (RFC 6901) of a key inside the scenario → where that key stands; `''` is the scenario itself. */
  readonly positions: Readonly<Record<string, Position>>
}

/** Line and column in a file, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}
