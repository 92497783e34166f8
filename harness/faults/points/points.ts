import type { StoredJson } from '../grammar/json.ts'
import type { AdapterVerbs } from './adapter-verbs.ts'
import { adapterPoint } from './adapter.ts'
import type { CommonVerbs } from './common-verbs.ts'
import type { EventVerbs } from './event-verbs.ts'
import { eventsPoint } from './events.ts'
import { fnPoint } from './fn.ts'
import type { FunctionVerbs } from './function-verbs.ts'
import type { HttpVerbs } from './http-verbs.ts'
import { httpPoint } from './http.ts'
import { type CallMatcher, type Point, type PointCall, pointNamed } from './point.ts'
import { stepPoint } from './step.ts'
import { usageOf, type Verb } from './verb.ts'

/** The table of points: every kind of boundary, in the order messages list them. Adding a kind is one line here, and one in `PointVerbs` if it has verbs of its own. */
const table = [stepPoint, fnPoint, httpPoint, eventsPoint, adapterPoint] as const

/**
 * The kinds of boundary point the grammar knows.
 *
 * @example
 * const kind: PointKind = parsePointPattern('fn:save').kind
 */
export type PointKind = (typeof table)[number]['kind']

/** Every verb as the builder offers it: a kind with verbs of its own adds their interface. */
export interface PointVerbs<Next>
  extends CommonVerbs<Next>, FunctionVerbs<Next>, HttpVerbs<Next>, EventVerbs<Next>, AdapterVerbs<Next> {}

/**
 * `kind [":" name] ["#" nth] [" where " json]`, e.g. `step:draft`, `http:* /orders`, `fn:save#2`, `fn:save where {"id":7}`.
 *
 * @example
 * const pattern: PointPattern = { kind: 'step', name: 'draft', nth: undefined }
 */
export interface PointPattern {
  readonly kind: PointKind
  /**
   * For `http` a method in capitals (or `*` for any), a space, and a path or absolute URL as `fetch` would send it.
   */
  readonly name: string
  /** Only the nth call that the name means, from 1; `undefined` for every call. */
  readonly nth: number | undefined
  /**
   * Only calls whose input holds this: the arguments of a function, the query, headers or body of a request. What holds is
   * what `outputMatches` of an expectation says, matchers included. Absent for all.
   */
  readonly where?: StoredJson | undefined
}

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

/** The table itself, for what reads points. */
export const pointTable: readonly Point<PointKind>[] = table

/** The kinds in the order messages list them. */
export const pointKinds: readonly PointKind[] = table.map(({ kind }) => kind)

const byKind: ReadonlyMap<string, Point<PointKind>> = new Map(table.map((point) => [point.kind, point]))
// A verb may mean something else at another boundary (`hang` hears an abort at http points only); it is then listed once
// for each, always with the same parameters, so that a program reads the same everywhere.
const allVerbs: readonly Verb[] = [...new Set(table.flatMap(({ verbs }) => verbs))]

/** The kind of this name; `undefined` when there is none. */
function findPoint(kind: string | undefined): Point<PointKind> | undefined {
  return kind === undefined ? undefined : byKind.get(kind)
}

/** The kind that a call, a pattern as text, or the word before its colon, is of: `fn:save` is one of `fn` points. */
export function kindOf(point: string): Point<PointKind> | undefined {
  return findPoint(point.split(':', 1)[0])
}

/** Tells the calls that a name of this kind means; `undefined` where they are those whose point is written so. */
export function callMatcher({
  kind,
  name,
  where,
}: Pick<PointPattern, 'kind' | 'name' | 'where'>): CallMatcher | undefined {
  const point = findPoint(kind)
  const named = point?.matcher?.(name)
  if (point === undefined || where === undefined) return named
  const written = pointNamed(point, name)
  const reaches = named?.matches ?? ((call: PointCall) => call.point === written)
  return {
    rank: WHERE_RANK + (named?.rank ?? 0),
    matches: (call) => reaches(call) && point.meets?.(where, call.input) === true,
    reaches,
  }
}

/** What a call is given says more about it than any name. */
const WHERE_RANK = 1_000_000

/** The verb of this name, at points of this kind or — without one — at any. */
export function findVerb(name: string, kind?: PointKind): Verb | undefined {
  return listVerbs(kind).find((verb) => verb.name === name)
}

/** The verbs that points of this kind have; without one, every verb once for each meaning it has. */
export function listVerbs(kind?: PointKind): readonly Verb[] {
  return kind === undefined ? allVerbs : (findPoint(kind)?.verbs ?? [])
}

/** The names of the same verbs, each once. */
export function verbNames(kind?: PointKind): readonly string[] {
  return [...new Set(listVerbs(kind).map((verb) => verb.name))]
}

/** The kinds of point that have a verb of this name. */
export function kindsWith(name: string): readonly PointKind[] {
  return pointKinds.filter((kind) => findVerb(name, kind) !== undefined)
}

/** Every verb as data, for tables in docs and `--help`. */
export function verbTable(): readonly VerbRow[] {
  return allVerbs.map((verb) => ({
    verb: verb.name,
    kinds: table.filter(({ verbs }) => verbs.includes(verb)).map(({ kind }) => kind),
    usage: usageOf(verb),
    summary: verb.summary,
    example: verb.example,
  }))
}
