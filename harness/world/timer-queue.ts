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
  #state: 'waiting' | 'taken' | 'cancelled' = 'waiting'
  readonly #left: (due: Due) => void

  /** @param left is told once that it waits no more: it has been taken out or cancelled */
  constructor(
    { dueMs, sequence, point, fire, isKept }: Pick<Due, 'dueMs' | 'sequence' | 'point' | 'fire' | 'isKept'>,
    left: (due: Due) => void,
  ) {
    this.dueMs = dueMs
    this.sequence = sequence
    this.point = point
    this.fire = fire
    this.isKept = isKept
    this.#left = left
  }

  get cancelled(): boolean {
    return this.#state === 'cancelled'
  }

  cancel(): void {
    this.#leave('cancelled')
  }

  taken(): void {
    this.#leave('taken')
  }

  #leave(state: 'taken' | 'cancelled'): void {
    if (this.#state !== 'waiting') return
    this.#state = state
    this.#left(this)
  }
}

/** A binary heap of timers in (due, sequence) order; cancelled ones are dropped when they come up. */
export class TimerQueue {
  readonly #heap: Due[] = []
  #sequence = 0
  #waiting = 0

  /** How many wait that no module keeps; told without a look at each, because it is asked whenever time moves. */
  get waiting(): number {
    return this.#waiting
  }

  add(dueMs: number, point: string, fire: () => void, isKept = false): Due {
    const due = new Due({ dueMs, sequence: this.#sequence++, point, fire, isKept }, this.#left)
    if (!isKept) this.#waiting++
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
      if (first.cancelled) continue
      first.taken()
      return first
    }
  }

  /** The points that still wait, in no order; those that modules keep aside. */
  points(): string[] {
    return this.#heap.filter((due) => !due.cancelled && !due.isKept).map((due) => due.point)
  }

  readonly #left = ({ isKept }: Due): void => {
    if (!isKept) this.#waiting--
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
