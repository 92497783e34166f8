import { commonVerbs } from './common-verbs.ts'
import { functionVerbs } from './function-verbs.ts'
import { httpVerbs } from './http-verbs.ts'
import { pointKinds, type PointKind } from '../grammar/program.ts'
import { usageOf, type Verb } from './verb.ts'

/** A row of the docs table. */
export interface VerbRow {
  readonly verb: string
  readonly kinds: readonly PointKind[]
  /** How it is written, e.g. `status(code, retry-after=…, body=…)`. */
  readonly usage: string
  readonly summary: string
  /** A program that parses. */
  readonly example: string
}

// A verb may mean something else at another boundary (`hang` hears an abort at http points only); it is then listed once
// for each, always with the same parameters, so that a program reads the same everywhere.
const allVerbs: readonly Verb[] = [
  ...Object.values(commonVerbs),
  ...Object.values(functionVerbs),
  ...Object.values(httpVerbs),
]

const byKind: ReadonlyMap<PointKind, ReadonlyMap<string, Verb>> = new Map(
  pointKinds.map((kind) => [kind, new Map(verbsOf(kind).map((verb) => [verb.name, verb]))]),
)

/** The verb of this name, at points of this kind or — without one — at any. */
export function findVerb(name: string, kind?: PointKind): Verb | undefined {
  if (kind !== undefined) return byKind.get(kind)?.get(name)
  return allVerbs.find((verb) => verb.name === name)
}

/** Every verb once for each meaning it has. */
export function listVerbs(): readonly Verb[] {
  return allVerbs
}

/** Names of the verbs that points of this kind have; of all verbs without one. */
export function verbNames(kind?: PointKind): readonly string[] {
  return [...new Set((kind === undefined ? allVerbs : verbsOf(kind)).map((verb) => verb.name))]
}

/** The kinds of point that have a verb of this name. */
export function kindsWith(name: string): readonly PointKind[] {
  return pointKinds.filter((kind) => findVerb(name, kind) !== undefined)
}

/** Every verb as data, for tables in docs and `--help`. */
export function verbTable(): readonly VerbRow[] {
  return allVerbs.map((verb) => ({
    verb: verb.name,
    kinds: verb.kinds,
    usage: usageOf(verb),
    summary: verb.summary,
    example: verb.example,
  }))
}

function verbsOf(kind: PointKind): Verb[] {
  return allVerbs.filter((verb) => verb.kinds.includes(kind))
}
