import type { Timer } from '../../src/index.ts'

/** A callback due at a moment of virtual time. */
export class Due implements Timer {
  readonly dueMs: number
  /** Ties are broken by the order timers were set in. */
  readonly sequence: number
  /** What is waiting, for stall reports. */
  readonly point: string
  readonly fire: () => void
  /** A module keeps it: the subject does not wait for it. */
  readonly isKept: boolean
  cancelled = false

  constructor(dueMs: number, sequence: number, point: string, fire: () => void, isKept: boolean) {
    this.dueMs = dueMs
    this.sequence = sequence
    this.point = point
    this.fire = fire
    this.isKept = isKept
  }

  cancel(): void {
    this.cancelled = true
  }
}

/** A binary heap of timers in (due, sequence) order; cancelled ones are dropped when they come up. */
export class TimerQueue {
  readonly #heap: Due[] = []
  #sequence = 0

  add(dueMs: number, point: string, fire: () => void, isKept = false): Due {
    const due = new Due(dueMs, this.#sequence++, point, fire, isKept)
    const heap = this.#heap
    let at = heap.length
    heap.push(due)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !before(due, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = due
    return due
  }

  /** Takes out the next timer that has not been cancelled. */
  take(): Due | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined) return undefined
      this.#dropFirst()
      if (!first.cancelled) return first
    }
  }

  /** The points that still wait, in no order; those that modules keep aside. */
  points(): string[] {
    return this.#heap.filter((due) => !due.cancelled && !due.isKept).map((due) => due.point)
  }

  #dropFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let next = 2 * at + 1
      let child = heap[next]
      if (child === undefined) break
      const right = heap[next + 1]
      if (right !== undefined && before(right, child)) {
        next += 1
        child = right
      }
      if (!before(child, last)) break
      heap[at] = child
      at = next
    }
    heap[at] = last
  }
}

function before(a: Due, b: Due): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence)
}
