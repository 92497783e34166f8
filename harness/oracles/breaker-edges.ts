import type { EventRecord } from '../../src/index.ts'
import type { Problem } from '../scenario/verdict.ts'
import { failedCalls, wrongMoments } from './breaker-moments.ts'
import { guardedIn, isMove, type Note } from './breaker-notes.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Where a circuit breaker can go from each of its states. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  closed: ['open'],
  open: ['half-open'],
  'half-open': ['closed', 'open'],
}

/**
 * 15: a circuit breaker goes from state to state as breakers do, opens after as many failures as it says, and lets one
 * probe through at a time, when its time has come.
 */
export const breakerEdges: Oracle = {
  number: 15,
  name: 'breaker-edges',
  judges: 'engine',
  check(observation) {
    const guarded = guardedIn(observation)
    if (guarded.length === 0) return []
    const { visits, crashed } = observation
    const failed = failedCalls(visits)
    return guarded.flatMap((each) => {
      const { notes } = each
      const judged = notes.some(isMove) ? wrongEdges(notes).concat(twoProbes(notes)) : []
      // A new process begins with breakers that know nothing of the one before.
      const moments = crashed ? [] : wrongMoments(each, failed)
      return judged.concat(moments.map((message) => violation(breakerEdges, message)))
    })
  },
}

/** The adapter whose breaker moved. */
function adapterOf({ detail }: EventRecord): string {
  return detail['adapter'] as string
}

function wrongEdges(notes: readonly Note[]): Problem[] {
  return notes.flatMap((note) => {
    if (!isMove(note)) return []
    const { from, to } = note.detail as { from: string; to: string }
    return EDGES[from]?.includes(to) === true
      ? []
      : [violation(breakerEdges, `The circuit breaker of ${adapterOf(note)} went from ${from} to ${to}.`)]
  })
}

/** Attempts that began between a half-opening and what it led to; a cancelled one has shown nothing. */
function twoProbes(notes: readonly Note[]): Problem[] {
  const problems: Problem[] = []
  const moves = notes.filter(isMove)
  for (const [at, move] of moves.entries()) {
    if (move.detail['to'] !== 'half-open') continue
    const untilMs = moves[at + 1]?.atMs ?? Infinity
    const probes = notes.filter(
      (note) =>
        note.kind === 'attempt' &&
        note.status !== 'cancelled' &&
        note.startedAtMs >= move.atMs &&
        note.startedAtMs < untilMs,
    )
    if (probes.length > 1)
      problems.push(
        violation(
          breakerEdges,
          `The half-open circuit breaker of ${adapterOf(move)} let ${probes.length} probes through.`,
          {
            expected: 1,
            actual: probes.length,
          },
        ),
      )
  }
  return problems
}
