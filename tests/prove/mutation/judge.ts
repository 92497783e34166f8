import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { MutantStatus } from '@stryker-mutator/api/core'
import { textAt, type Place } from './sample.ts'

/** A mutant after its tests ran; lines and columns of its place are from 1 now. */
export interface Tried extends Place {
  readonly status: MutantStatus
}

/** Of one hundred mutants, tests have to notice this many. */
export const SCORE_MIN = 92
/** Fewer say too little: the sample or what it is drawn from was cut down. */
export const MUTANTS_MIN = 600

export interface Judgement {
  /** The survivors with place and replacement, and the score in the last line. */
  readonly text: string
  readonly ok: boolean
}

/** A mutant that makes the tests run into their limit was noticed; one that no test reaches was not. */
const NOTICED: ReadonlySet<MutantStatus> = new Set(['Killed', 'Timeout'])
const MISSED: ReadonlySet<MutantStatus> = new Set(['Survived', 'NoCoverage'])

export function isTried({ status }: Tried): boolean {
  return NOTICED.has(status) || MISSED.has(status)
}

export function isMissed({ status }: Tried): boolean {
  return MISSED.has(status)
}

/** Sums up what became of the mutants. Those outside the sample have other states and are not counted. */
export function judge(results: readonly Tried[], root: string): Judgement {
  const noticed = results.filter(({ status }) => NOTICED.has(status)).length
  const missed = results.filter(isMissed)
  const tried = noticed + missed.length
  const score = tried === 0 ? 0 : (100 * noticed) / tried
  const enough = tried >= MUTANTS_MIN
  const lines = [
    ...missed.map((mutant) => describe(mutant, root)),
    `Mutants    ${tried} tried, ${noticed} noticed by a test, ${missed.length} not`,
    `Score      ${score.toFixed(1)} %, expected at least ${SCORE_MIN} %`,
    ...(enough ? [] : [`Sample     ${tried} mutants, expected at least ${MUTANTS_MIN}`]),
  ]
  return { text: lines.join('\n'), ok: enough && score >= SCORE_MIN }
}

/** A mutant's place, what stands there and what it was replaced with. */
export function describe(mutant: Tried, root: string): string {
  const { fileName, location, mutatorName, replacement, status } = mutant
  const file = path.relative(root, fileName).replaceAll(path.sep, '/')
  const place = `${file}:${location.start.line}:${location.start.column}`
  const reach = status === 'NoCoverage' ? ', which no test reaches' : ''
  const original = oneLine(textAt(readFileSync(fileName, 'utf8'), fromZero(mutant)))
  return `${place} ${mutatorName}${reach}\n  - ${original}\n  + ${oneLine(replacement)}`
}

/** Stryker's results count lines and columns from 1, its plugins from 0. */
function fromZero({ location: { start, end } }: Tried): Pick<Place, 'location'> {
  const less = ({ line, column }: typeof start): typeof start => ({ line: line - 1, column: column - 1 })
  return { location: { start: less(start), end: less(end) } }
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 110 ? `${line.slice(0, 109)}…` : line
}
