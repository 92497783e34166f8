import type { AnyNode } from '../../src/index.ts'
import type { ScenarioSpec } from './spec.ts'

/**
 * A scenario ready to run: the data, the subject it names, and where it was written down.
 *
 * @example
 * const ok = async (each: Scenario): Promise<boolean> => (await runScenario(each)).ok
 */
export interface Scenario {
  readonly spec: ScenarioSpec
  readonly subject: Subject
  /** Lets a problem point at the line it is about; the loader and the builder both fill it. */
  readonly source?: ScenarioSource | undefined
  /** Default: it runs with all others. */
  readonly selection?: Selection | undefined
}

/** Whether a scenario runs when its file does. */
export type Selection =
  /** Of all scenarios of the file, only those that say so run. */
  | { readonly kind: 'only' }
  /** It does not run; the reason is shown in reports. */
  | { readonly kind: 'skip'; readonly reason: string | undefined }

/**
 * What a scenario exercises. Never a mock: `runScenario` refuses spies and patched methods.
 *
 * @example
 * const nameOf = (subject: Subject): string => (subject.kind === 'function' ? subject.run.name : subject.kind)
 */
export type Subject =
  /** A pipeline or a single step of ours, run by the real engine. */
  | { readonly kind: 'pipeline'; readonly node: AnyNode }
  /** Any function, called as `(input, ports) => result`. */
  | {
      readonly kind: 'function'
      readonly run: (input: unknown, ports: unknown) => unknown
      /** Makes the function afresh, for a scenario with a `crash`. */
      readonly restart?: Restart | undefined
    }

/** What a scenario calls. */
export type SubjectFunction = (input: never, ports: never) => unknown

/** Makes a function as a fresh process has it: nothing of what it kept in memory is there any more. */
export type Restart = () => SubjectFunction | Promise<SubjectFunction>

/** Where a scenario was written: plain data, so it survives the way into a Vitest worker. */
export interface ScenarioSource {
  /** Absolute path, or as it was given to the loader. */
  readonly file: string
  /** JSON Pointer (RFC 6901) of a key inside the scenario → where that key is; `''` is the scenario itself. */
  readonly positions: Readonly<Record<string, Position>>
  /** The row of its table that the scenario was made from; absent where there is no table. */
  readonly row?: TableRow | undefined
}

/** A row of a `with:` table. */
export interface TableRow {
  /** From 1. */
  readonly number: number
  readonly at: Position
  /** The name of the scenario as it is written, its columns not filled in. */
  readonly table: string
}

/** Line and column in a file, both from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number
  readonly column: number
}
