import { createHash } from 'node:crypto'

/** What identifies a mutant, whatever lines are above it. */
export interface Place {
  readonly fileName: string
  readonly mutatorName: string
  readonly replacement: string
  readonly location: { readonly start: Position; readonly end: Position }
}

interface Position {
  /** From 0, as Stryker's plugins count; its results count from 1. */
  readonly line: number
  readonly column: number
}

/** One mutant in this many is tried. */
const ONE_IN = 4

/** Text that is not code: two formattings of the same code hold the same mutants. */
const SPACE = /\s+/g

/**
 * Which mutants of one file are in the sample. A mutant is chosen by a hash of the file's name, its own text, the text it
 * is replaced with, and its number among equals. Nobody picks one, code that does not change keeps its mutants wherever
 * it moves inside its file, and the sample grows with the code.
 */
export function sampled<M extends Place>(mutants: readonly M[], file: string, source: string): Set<M> {
  const seen = new Map<string, number>()
  const chosen = new Set<M>()
  for (const mutant of mutants) {
    const { mutatorName, replacement } = mutant
    const text = [file, mutatorName, textAt(source, mutant), replacement].join('\0').replaceAll(SPACE, ' ')
    const number = seen.get(text) ?? 0
    seen.set(text, number + 1)
    if (hash(`${text}\0${number}`) % ONE_IN === 0) chosen.add(mutant)
  }
  return chosen
}

/** What stands in the source where the mutant is. */
export function textAt(source: string, { location: { start, end } }: Pick<Place, 'location'>): string {
  const lines = source.split('\n').slice(start.line, end.line + 1)
  const last = lines.length - 1
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined))
    .join('\n')
}

function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}
