import { Coalescer } from '../../join/coalescer.ts'
import type { JoinSpec } from '../../join/join-spec.ts'
import type { Resolution } from '../../join/resolution.ts'
import type { Timer } from '../../world/world.ts'
import { LATE_ARRIVAL } from './join-tokens.ts'
import type { Run } from '../run.ts'
import type { Scope } from '../scope.ts'
import { recordEvent, recordOutcome } from '../trail.ts'
import { type Comer, type MeetingPlace, type Met, settleMeeting, type Waiting } from './settle-meeting.ts'

/** Whoever runs the items: what waits does not count as work, so others can go on meanwhile. */
export interface Gate {
  /** An item waits at a join. */
  leave(scope: Scope): void
  /** It goes on; counts as work from now on, and may have to wait for its turn. */
  enter(scope: Scope): Promise<void>
}

interface Point {
  readonly place: MeetingPlace
  readonly coalescer: Coalescer
  /** By token. */
  readonly waiting: Map<string, Waiting>
  timer: Timer | undefined
  timerAtMs: number | undefined
}

/** Where the items of one run meet: its joins with who waits there, and their time limits. */
export class Meetings {
  readonly #run: Run
  readonly #gate: Gate
  readonly #onResolved: (resolution: Resolution) => void
  /** By path, in the order in which tokens come to them: nothing comes to a later join before it was at an earlier one. */
  readonly #points = new Map<string, Point>()

  /**
   * @param gateOf whoever runs the items
   * @param onResolved is told of every join that was resolved
   */
  constructor(
    run: Run,
    gateOf: (meetings: Meetings) => Gate,
    onResolved: (resolution: Resolution) => void = () => {},
  ) {
    this.#run = run
    this.#onResolved = onResolved
    this.#gate = gateOf(this)
  }

  /**
   * An item comes to a join, and waits until that is resolved.
   * @throws JoinInvariantError for an unknown branch, and for one that has come already
   */
  async arrive(place: MeetingPlace, comer: Comer): Promise<Met> {
    const { scope, key, branch, value } = comer
    const { tokenId } = scope
    const point = this.#pointAt(place, scope)
    const told = point.coalescer.arrive(place.path, key, { branch, tokenId, value }, this.#nowMs())
    if (told.late) {
      this.#settle(point, told.resolved)
      return this.#late(place, comer)
    }
    const met = new Promise<Met>((resolve) => {
      point.waiting.set(tokenId, {
        ...comer,
        // It counts as work again before anybody can look whether there is any.
        resolve: (became) =>
          resolve(became.kind === 'goes-on' ? this.#gate.enter(scope).then(() => became) : became),
      })
    })
    this.#settle(point, told.resolved)
    if (point.waiting.has(tokenId)) this.#gate.leave(scope)
    return await met
  }

  /**
   * Nothing more can come to the first join that waits: resolves what is there.
   * @returns false when nothing waits anywhere
   */
  flushFirst(): boolean {
    for (const point of this.#points.values()) {
      if (point.coalescer.pending === 0) continue
      this.#settle(point, point.coalescer.flush(this.#nowMs()))
      return true
    }
    return false
  }

  /** Nobody waits any more: everything that is pending fails for this reason. */
  abandon(reason: string): void {
    for (const point of this.#points.values())
      this.#settle(point, point.coalescer.abandon(reason, this.#nowMs()))
  }

  #pointAt(place: MeetingPlace, scope: Scope): Point {
    const { path, node } = place
    const known = this.#points.get(path)
    if (known !== undefined) return known
    const { policy, merge } = node.rule
    const spec: JoinSpec = { name: path, branches: node.branches, policy, merge }
    const run = this.#run
    const whose = { run, tokenId: scope.tokenId, visit: scope.visit }
    const coalescer = new Coalescer([spec], {
      onForgotten: () => recordEvent(whose, path, 'join_forgotten', { hint: FORGOTTEN }),
      wasResolved: (_, key) => run.audit?.isJoined(run.id, groupOf(path, key)) === true,
    })
    const point: Point = { place, coalescer, waiting: new Map(), timer: undefined, timerAtMs: undefined }
    this.#points.set(path, point)
    return point
  }

  #late({ path }: MeetingPlace, { scope, key }: Comer): Met {
    recordOutcome(scope, 'failed', LATE_ARRIVAL, groupOf(path, key))
    scope.ended = true
    return { kind: 'failed', reason: LATE_ARRIVAL, resolution: undefined }
  }

  #settle(point: Point, resolutions: readonly Resolution[]): void {
    for (const resolution of resolutions) {
      this.#onResolved(resolution)
      settleMeeting(point.place, resolution, point.waiting, groupOf(point.place.path, resolution.item))
    }
    this.#arm(point)
  }

  /** One timer for each join: for the time limit that is over first. */
  #arm(point: Point): void {
    const { nextDeadlineMs } = point.coalescer
    if (nextDeadlineMs === point.timerAtMs) return
    point.timer?.cancel()
    point.timerAtMs = nextDeadlineMs
    if (nextDeadlineMs === undefined) return
    const { path } = point.place
    point.timer = this.#run.world.clock.after(
      nextDeadlineMs - this.#nowMs(),
      `time limit of join ${path}`,
      () => {
        point.timerAtMs = undefined
        this.#settle(point, point.coalescer.advance(this.#nowMs()))
      },
    )
  }

  #nowMs(): number {
    return this.#run.world.clock.monotonicMs()
  }
}

/** Said once: what it means for who comes late. */
const FORGOTTEN =
  'The joins resolved first are no longer remembered here; who comes late is found by the audit trail.'

/** Names the meeting of items in the audit trail; the same for the same items, so that it can be asked for. */
function groupOf(path: string, key: string): string {
  return `${path} ${key}`
}

const meetingsByRun = new WeakMap<Run, Meetings>()

/** Where the items of a run meet. A run over one input has no other item to wait for: its source is at its end. */
export function meetingsOf(run: Run): Meetings {
  let meetings = meetingsByRun.get(run)
  if (meetings === undefined) {
    meetings = new Meetings(run, (made) => ({
      leave: () => void made.flushFirst(),
      enter: () => Promise.resolve(),
    }))
    meetingsByRun.set(run, meetings)
  }
  return meetings
}

/** Makes these the meetings of their run. */
export function holdMeetings(run: Run, meetings: Meetings): void {
  meetingsByRun.set(run, meetings)
}
