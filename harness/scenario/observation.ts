import type { AttemptRecord, AuditRecord, RunResult, SerializedError, StepRecord } from '../../src/index.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { FaultAction } from '../faults/play/action.ts'
import type { UnfiredFault } from '../faults/play/vacuity.ts'
import type { DriveEnd } from '../world/drive.ts'
import type { Scenario } from './scenario.ts'
import type { AbortMoment } from './spec.ts'
import type { TraceCall } from './verdict.ts'

/** A call as the harness saw it, with what only oracles need. */
export interface ObservedCall extends TraceCall {
  /** The step's path; `undefined` for ports. */
  readonly path: string | undefined
  /** The token whose step it is; `undefined` for ports. */
  readonly tokenId: string | undefined
  /** How many times that token has come to the path, from 1; only a loop makes it more. `undefined` for ports. */
  readonly visit: number | undefined
  /** Which of several callers had the ports it was made with, from 0; `undefined` where that is not known. */
  readonly caller: number | undefined
  /** What acted on it; `undefined` when the real thing ran. */
  readonly action: FaultAction | undefined
  /** What aborts it, where the scenario asks for that; `undefined` otherwise. */
  readonly signal: AbortSignal | undefined
  /** That had aborted when it settled. */
  aborted: boolean
  /** The headers of a request, their names in small letters; `undefined` for all other calls. */
  readonly headers: Readonly<Record<string, string>> | undefined
  /** It has a signal, and its fault is one that listens to none. */
  readonly deafened: boolean
  /** The subject asked what became of it; false only for a promise that a fault acts on and nobody waits for. */
  heard: boolean
  /** False where a fault acts on the answer of the real thing and that failed by itself. */
  answered: boolean
  /** A timer has made it that an earlier scenario left. */
  readonly leftOver: boolean
  /** How long what was thrown asked to stay away, in milliseconds; 0 when it did not. */
  retryAfterMs: number
  /** How many calls had begun when it settled; 0 while it has not. Calls of one moment are told apart by it. */
  callsBeforeSettled: number
  /** What it threw; `undefined` when it did not. */
  failure: unknown
}

/** One visit of a token to a step: what its attempts, its calls and its end have in common. */
export interface StepVisit {
  readonly path: string
  readonly tokenId: string
  /** How many times this token has come to this path, from 1; only a loop makes it more. */
  readonly visit: number
  /** In the order they were recorded. */
  readonly attempts: readonly AttemptRecord[]
  readonly calls: readonly ObservedCall[]
  /** `undefined` while it has not come to its end. */
  readonly end: StepRecord | undefined
}

/** The subject called out more often than it may. */
export interface Runaway {
  readonly callsMax: number
  /** The point it was calling when it was stopped. */
  readonly point: string
}

/** A fault that has to wait was to act on a function that gives no promise. */
export interface ImpossibleFault {
  readonly point: string
  readonly nth: number
  /** Its step, printed. */
  readonly fault: string
}

/** The caller left while the subject was at work. */
export interface Departure {
  /** Virtual milliseconds. */
  readonly atMs: number
  /** How many calls had begun by then. */
  readonly callsBefore: number
  /** Those of them that were under way. */
  readonly open: readonly ObservedCall[]
}

/** What one of several callers got. */
export interface CallerEnd {
  /** Where it is written: `['phases', '1', 'callers', '0']`. */
  readonly path: readonly string[]
  readonly abort: AbortMoment | undefined
  readonly output: unknown
  /** `null` when it did not throw. */
  readonly thrown: SerializedError | null
  /** Virtual milliseconds; `undefined` for one that never was answered. */
  readonly settledAtMs: number | undefined
  /** `null` when it stayed. */
  readonly departure: Departure | null
}

/** A time in which no caller waited. */
export interface Idle {
  readonly sinceMs: number
  /** How many calls had begun at its beginning and at its end. */
  readonly fromCall: number
  readonly toCall: number
}

/** A timer of the subject's own that waited when it settled, and keeps a process alive. */
export interface TimerLeft {
  /** `setInterval of 50 ms`. */
  readonly words: string
  /** When it was made, in virtual milliseconds. */
  readonly sinceMs: number
  /** How long it would keep the process alive, in milliseconds. */
  readonly leftMs: number
  /** It was still there, or had set another, long after. */
  readonly endless: boolean
}

/** A connection that pushes, opened with `ports.events`, that was not closed when the subject settled or was given up. */
export interface OpenConnection {
  readonly point: string
  /** When it was opened, in virtual milliseconds. */
  readonly sinceMs: number
}

/** An error that no code of the subject dealt with. */
export interface UnhandledError extends SerializedError {
  /** A promise rejected; a timer, an event or a callback threw; the scenario kept it from being known. */
  readonly how: 'rejected' | 'thrown' | 'unknown'
}

/** Everything one execution of a scenario left behind, for expectations and oracles to judge. */
export interface Observation {
  readonly scenario: Scenario
  /** The subject's tree with paths; `undefined` for foreign functions. */
  readonly plan: Plan | undefined
  readonly end: DriveEnd
  /** The engine's result; `undefined` for foreign functions and runs that never ended. */
  readonly result: RunResult | undefined
  /** What a foreign subject threw, or what the engine threw at its edge; `null` if it did not. */
  readonly thrown: SerializedError | null
  /** What the subject gave back. */
  readonly output: unknown
  /** Audit records in the order they were written. */
  readonly records: readonly AuditRecord[]
  /** The same and the calls, by visits to steps, in the order these began; none for foreign functions. */
  readonly visits: readonly StepVisit[]
  readonly calls: readonly ObservedCall[]
  /** The marks that were reached, and how often. */
  readonly marks: ReadonlyMap<string, number>
  /** The functions that the subject wrapped with `ports.fn`, called or not. */
  readonly wrapped: ReadonlySet<string>
  /** It called out more often than it may, whatever it did with the error that told it so. */
  readonly runaway: Runaway | undefined
  /** `undefined` where every fault could act. */
  readonly impossible: ImpossibleFault | undefined
  readonly faultsFired: number
  /** Scripted fault steps that never acted, or not as often as scripted. */
  readonly faultsUnfired: readonly UnfiredFault[]
  /** How many calls had begun when the subject settled; `undefined` when it never did. */
  readonly callsBeforeEnd: number | undefined
  /** What the subject gave back, as it was when it did: what ran on may have changed it. */
  readonly outputAtEnd: unknown
  readonly timersLeft: readonly TimerLeft[]
  /** Several callers, in the order they are written; none where there is only one. */
  readonly callers: readonly CallerEnd[]
  /** The times between callers. */
  readonly idle: readonly Idle[]
  /** The process died. */
  readonly crashed: boolean
  /** Names that a process which died had put on `globalThis`, where the one after it finds them. */
  readonly globalsKept: readonly string[]
  readonly connectionsLeft: readonly OpenConnection[]
  /** How many listeners the subject had left on `ports.signal`, of all callers, when each had its answer. */
  readonly listenersLeft: number
  /** The timers that earlier scenarios left and that fired while it ran: `setInterval of 50 ms`. */
  readonly leftOver: readonly string[]
  /** `null` when the caller stayed until the subject settled. */
  readonly departure: Departure | null
  /** Real work, such as a file's or the thread pool's, was awaited: which of several ends first is not the world's doing. */
  readonly realWork: boolean
  /** Unhandled rejections and uncaught exceptions while it ran. */
  readonly unhandled: readonly UnhandledError[]
  /** Virtual milliseconds until the subject settled. */
  readonly virtualMs: number
}
