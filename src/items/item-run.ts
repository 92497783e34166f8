import { type AbortSignalled, isControlSignal } from '../base/control.ts'
import type { StepResult } from '../base/result.ts'
import { got } from '../base/got.ts'
import { leaveAlone } from '../base/promise.ts'
import { describeThrown, serializeError } from '../base/serialize-error.ts'
import { kept } from '../context/isolate.ts'
import { forkPart } from '../run/fork.ts'
import type { Plan } from '../run/plan.ts'
import { failedResult, NOTHING_SPENT, stoppedResult } from '../run/results.ts'
import type { Scope } from '../run/scope.ts'
import { statusOfStop, type Stop, stopOf } from '../run/stop.ts'
import { OUTCOME_BY_STATUS, recordOutcome } from '../run/trail.ts'
import { type TimeLimit, untilAborted } from '../run/until-aborted.ts'
import { type Gate, holdMeetings, Meetings } from '../run/branches/meetings.ts'
import type { ItemResult, RunAllResult } from './run-all-result.ts'
import { type GiveBack, Slots } from './slots.ts'
import type { Source } from './source.ts'
import { type EndedEarly, Tally } from './tally.ts'

/** How items are run; see the options of `engine.runAll`. */
export interface ItemSettings {
  readonly concurrency: number
  readonly keepResults: number
  readonly key: ((item: never, index: number) => string | number) | undefined
  readonly onItem: ((ended: ItemResult<never>) => unknown) | undefined
}

/** How long functions of cancelled items are waited for, in milliseconds; what branches have. */
const SETTLE_MS = 30_000

/** Short items take some ten microseconds each, so that a turn of the event loop takes a few milliseconds. */
const ITEMS_PER_TURN = 256

/** One item on its way. */
interface Item {
  readonly scope: Scope
  /** Gives back its place; `undefined` while it waits at a join. */
  place: GiveBack | undefined
}

/**
 * Items of one source, each a token of one run. A place is taken before an item is pulled, and given back when it ends or
 * waits at a join; the source has no more to wait for when it is at its end and nothing but waiting items is left.
 */
export class ItemRun {
  readonly #root: Scope
  readonly #plan: Plan
  readonly #settings: ItemSettings
  readonly #slots: Slots
  readonly #tally: Tally
  readonly #meetings: Meetings
  /** Those that work, by their scopes; a waiting one does not. */
  readonly #items = new Map<Scope, Item>()
  #open = 0
  #working = 0
  #sourceEnded = false
  #ended: EndedEarly | undefined
  #stop: Stop | undefined
  #source: Source | undefined
  #allDone: (() => void) | undefined

  constructor(root: Scope, plan: Plan, settings: ItemSettings) {
    this.#root = root
    this.#plan = plan
    this.#settings = settings
    this.#slots = new Slots(settings.concurrency)
    this.#tally = new Tally(settings.keepResults)
    this.#meetings = new Meetings(
      root.run,
      (): Gate => ({ leave: (scope) => this.#leave(scope), enter: (scope) => this.#enter(scope) }),
      (resolution) => this.#tally.joined(resolution),
    )
    holdMeetings(root.run, this.#meetings)
    root.onAbort((signalled) => this.#abort(signalled))
    if (root.aborted !== undefined) this.#abort(root.aborted)
  }

  /** What ended the run, to be thrown at its edge; `undefined` when nothing did. */
  get stop(): Stop | undefined {
    return this.#stop
  }

  /** Runs what the source gives, until it ends or something ends the run. */
  async run(open: () => Source): Promise<RunAllResult> {
    const source = this.#isOver() ? undefined : this.#opened(open)
    this.#source = source
    if (source !== undefined) await this.#pullAll(source)
    this.#sourceEnded = true
    this.#lookForQuiet()
    if (this.#open > 0) await new Promise<void>((resolve) => (this.#allDone = resolve))
    // Who aborted the run from outside has left, and waits for nothing.
    if (this.#stop !== undefined) await this.#root.settled(SETTLE_MS)
    await source?.close()
    // Nothing came, so nothing was forked: the run's own token has reached the end.
    if (this.#tally.items === 0)
      recordOutcome(
        this.#root,
        OUTCOME_BY_STATUS[this.#ended?.status ?? 'completed'] ?? 'failed',
        this.#ended?.feedback ?? null,
      )
    return this.#tally.result(this.#root.run, this.#ended)
  }

  /** Ends the run before it takes an item. */
  refuse(stop: Stop): void {
    if (statusOfStop(stop) === 'cancelled') this.#root.cancel(stop.cause)
    else this.#endWith('A hook ended the run', stop)
  }

  #opened(open: () => Source): Source | undefined {
    try {
      return open()
    } catch (thrown) {
      this.#endWith('The source cannot be read', thrown)
      return undefined
    }
  }

  async #pullAll(source: Source): Promise<void> {
    for (let index = 0; ; index++) {
      const place = await this.#slots.take()
      const pulled = this.#isOver() ? ({ kind: 'left' } as const) : await source.pull()
      if (pulled.kind === 'item' && !this.#isOver()) {
        this.#begin(pulled.value, index, place)
        // Items that wait for nothing would keep the process from everything else.
        if (index % ITEMS_PER_TURN === ITEMS_PER_TURN - 1) await this.#turn()
        continue
      }
      place()
      if (pulled.kind === 'error')
        this.#endWith(`The source failed after ${index === 1 ? '1 item' : `${index} items`}`, pulled.thrown)
      return
    }
  }

  #begin(given: unknown, index: number, place: GiveBack): void {
    if (this.#open === 0 && this.#tally.items === 0) recordOutcome(this.#root, 'forked', null)
    this.#open++
    this.#working++
    const { id, thrown } = this.#idOf(given, index)
    const scope = forkPart(this.#root, { item: id }, this.#root.run.world.clock.monotonicMs())
    this.#items.set(scope, { scope, place })
    void this.#execute(scope, given, thrown)
      .then((result) => this.#end(scope, { item: id, index, result }))
      .then(() => this.#leftBehind(scope))
  }

  #idOf(
    given: unknown,
    index: number,
  ): { readonly id: string; readonly thrown?: { readonly what: unknown } } {
    const { key } = this.#settings
    if (key === undefined) return { id: String(index) }
    try {
      const id: unknown = key(kept(given) as never, index)
      if (typeof id === 'string' || typeof id === 'number') return { id: String(id) }
      leaveAlone(id)
      throw new TypeError(`Expected \`key\` of engine.runAll to give a text or a number, got ${got(id)}.`)
    } catch (what) {
      return { id: String(index), thrown: { what } }
    }
  }

  async #execute(
    scope: Scope,
    given: unknown,
    wrong: { readonly what: unknown } | undefined,
  ): Promise<StepResult> {
    const { node, path } = this.#plan
    try {
      if (wrong !== undefined) throw wrong.what
      return await this.#plan.execute(kept(given), scope, false)
    } catch (thrown) {
      return isControlSignal(thrown)
        ? stoppedResult(node.name, path, thrown, NOTHING_SPENT)
        : failedResult(node.name, path, serializeError(thrown), NOTHING_SPENT)
    }
  }

  async #end(scope: Scope, ended: ItemResult): Promise<void> {
    const { result } = ended
    const outcome = OUTCOME_BY_STATUS[result.status]
    if (outcome !== null && !scope.ended) recordOutcome(scope, outcome, result.feedback)
    scope.close()
    this.#tally.add(ended)
    const stop = stopOf(result) ?? this.#root.run.unrecorded
    if (stop !== undefined && statusOfStop(stop) === 'failed' && this.#stop === undefined) {
      this.#stop = stop
      this.#endWith(`Item '${ended.item}' ended the run`, stop)
      this.#root.cancel(stop)
    }
    const { onItem } = this.#settings
    if (onItem === undefined) return
    try {
      const told = async (): Promise<unknown> => onItem(kept(ended) as ItemResult<never>)
      await untilAborted(this.#root, told(), this.#settleLimit())
    } catch (thrown) {
      this.#endWith('`onItem` failed', thrown)
    }
  }

  /** What is called after the abort that would have ended the wait for it has as long as cancelled functions have. */
  #settleLimit(): TimeLimit | undefined {
    const { aborted, run } = this.#root
    if (aborted === undefined) return undefined
    return { clock: run.world.clock, ms: SETTLE_MS, point: 'time limit of onItem' }
  }

  /** An item is done with, and so is its place. */
  #leftBehind(scope: Scope): void {
    const item = this.#items.get(scope)
    this.#items.delete(scope)
    this.#open--
    if (item?.place !== undefined) {
      this.#working--
      item.place()
    }
    this.#lookForQuiet()
    if (this.#open === 0) this.#allDone?.()
  }

  /** An item waits at a join: others may have its place. */
  #leave(scope: Scope): void {
    const item = this.#items.get(scope)
    if (item?.place === undefined) return
    item.place()
    item.place = undefined
    this.#working--
    this.#lookForQuiet()
  }

  /** It goes on: it counts at once, so that nobody takes the run to be over, and works when there is a place. */
  async #enter(scope: Scope): Promise<void> {
    const item = this.#items.get(scope)
    if (item === undefined || item.place !== undefined) return
    this.#working++
    item.place = () => {}
    item.place = await this.#slots.take()
  }

  /** Nothing more comes and nothing works: what waits at joins waits for nothing. */
  #lookForQuiet(): void {
    while (this.#sourceEnded && this.#working === 0 && this.#meetings.flushFirst());
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#root.run.world.clock.afterTurn(resolve))
  }

  #isOver(): boolean {
    return this.#ended !== undefined || this.#root.aborted !== undefined
  }

  #abort(signalled: AbortSignalled): void {
    const feedback = `Cancelled: ${describeThrown(signalled.cause)}`
    this.#ended ??= { status: 'cancelled', feedback, error: serializeError(signalled) }
    void this.#source?.close()
    this.#meetings.abandon(feedback)
  }

  /** Takes no more items; those on their way go on. */
  #endWith(what: string, thrown: unknown): void {
    if (isControlSignal(thrown)) this.#stop ??= thrown
    this.#ended ??= {
      status: 'failed',
      feedback: `${what}: ${describeThrown(thrown)}`,
      error: serializeError(thrown),
    }
    void this.#source?.close()
  }
}
