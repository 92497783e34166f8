import type { AttemptRecord, AuditRecord, EventRecord } from '../../src/index.ts'
import type { Problem } from '../scenario/verdict.ts'
import type { Observation } from '../scenario/observation.ts'
import { adapterOwners } from './adapter-owners.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Where a circuit breaker can go from each of its states. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  closed: ['open'],
  open: ['half-open'],
  'half-open': ['closed', 'open'],
}

/** 15: a circuit breaker goes from state to state as breakers do, and lets one probe through at a time. */
export const breakerEdges: Oracle = {
  number: 15,
  name: 'breaker-edges',
  judges: 'engine',
  check(observation) {
    return notesByAdapter(observation).flatMap((notes) => wrongEdges(notes).concat(twoProbes(notes)))
  },
}

/** What was noted of one adapter, in order: moves of its breaker, and attempts made under it. */
type Note = EventRecord | AttemptRecord

function isMove(record: AuditRecord): record is EventRecord {
  return record.kind === 'event' && record.event === 'breaker'
}

/** The notes of each adapter whose breaker has moved. Routes that share a registry share its breakers. */
function notesByAdapter({ plan, records }: Observation): readonly (readonly Note[])[] {
  if (plan === undefined || !records.some(isMove)) return []
  const owners = adapterOwners(plan)
  const notes = new Map<string, Note[]>()
  for (const record of records) {
    if (record.kind !== 'attempt' && !isMove(record)) continue
    const owner = owners.get(record.path)
    if (owner === undefined) continue
    const known = notes.get(owner)
    if (known === undefined) notes.set(owner, [record])
    else known.push(record)
  }
  return [...notes.values()]
}

/** The adapter whose breaker moved. */
function adapterOf({ detail }: EventRecord): string {
  return detail['adapter'] as string
}

function wrongEdges(notes: readonly Note[]): Problem[] {
  return notes.flatMap((note) => {
    if (note.kind === 'attempt') return []
    const { from, to } = note.detail as { from: string; to: string }
    return EDGES[from]?.includes(to) === true
      ? []
      : [violation(breakerEdges, `The circuit breaker of ${adapterOf(note)} went from ${from} to ${to}.`)]
  })
}

/** Attempts that began between a half-opening and what it led to; a cancelled one has shown nothing. */
function twoProbes(notes: readonly Note[]): Problem[] {
  const problems: Problem[] = []
  const moves = notes.filter((note) => note.kind === 'event')
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
