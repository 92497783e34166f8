import type { BoundaryCall } from '../../../src/index.ts'
import type { StoredJson } from '../grammar/json.ts'
import type { Scanner } from '../grammar/scanner.ts'
import type { Verb } from './verb.ts'

/**
 * A kind of boundary: how its points are named, which calls a name means, and what can be made to go wrong there.
 *
 * Adding a kind is one file that exports one of these, and one line in the table (`points.ts`). Parser, printer, plan,
 * builder, expectations and documentation know kinds through the table only.
 */
export interface Point<Kind extends string = string> {
  /** The word before the colon. */
  readonly kind: Kind
  readonly verbs: readonly Verb[]
  /**
   * The one spelling of a name that a pattern was written with. A name that no call can ever have is refused with
   * `scanner.fail`, which says what can be named: a fault that can never act must not look like one that did not act
   * this time.
   */
  readonly readName: (written: WrittenName, scanner: Scanner) => string
  /** Which calls a name means. Absent where they are those whose point is written exactly so. */
  readonly matcher?: ((name: string) => CallMatcher) | undefined
  /**
   * Whether a call with this input is one that `where` means; the call's name has been compared already. Absent for a kind
   * that knows no `where`.
   */
  readonly meets?: ((where: StoredJson, input: unknown) => boolean) | undefined
  /** What `where` has to be, to complete `Expected …`; `undefined` for one that some call could meet. Default: any JSON. */
  readonly whereRule?: ((where: StoredJson) => string | undefined) | undefined
  /** Its calls are requests: they have headers, they have to be caught below a client, and one that is answered may be refused. */
  readonly isRequest?: boolean | undefined
  /** Whether a call with this input only reads, so that it can undo nothing. Absent where nobody can tell. */
  readonly onlyReads?: ((input: unknown) => boolean) | undefined
  /** Its calls are functions that the subject wraps, which may give no promise; a pipeline knows them by the names of its steps. */
  readonly isFunction?: boolean | undefined
}

/** A name as it is written in the text of a pattern. */
export interface WrittenName {
  readonly text: string
  /** Where it starts in the pattern's text, from 0. */
  readonly start: number
}

/** What a name is compared with: a call while it is made, or as it was recorded. */
export type PointCall = Pick<BoundaryCall, 'point' | 'input'>

/** Tells the calls that a name means. */
export interface CallMatcher {
  /** Of two names that mean the same call, the one with the higher rank says more about it and is asked first. */
  readonly rank: number
  readonly matches: (call: PointCall) => boolean
  /** Which calls the name alone means; absent where that is the same. */
  readonly reaches?: ((call: PointCall) => boolean) | undefined
}

/** The point of a call to the thing of this name: `step:draft`. */
export function pointNamed({ kind }: Point, name: string): string {
  return `${kind}:${name}`
}
