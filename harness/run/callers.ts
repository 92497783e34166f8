import { isolate } from '../../src/context/isolate.ts'
import { serializeError } from '../../src/base/serialize-error.ts'
import { sleep } from '../../src/world/sleep.ts'
import type { SerializedError } from '../../src/index.ts'
import type { CallerEnd, Idle, ObservedCall } from '../scenario/observation.ts'
import type { Ports } from '../scenario/ports.ts'
import type { Scenario, Subject } from '../scenario/scenario.ts'
import type { CallListener } from './boundary/boundaries.ts'
import { makePorts, type Outside } from './boundary/make-ports.ts'
import { BackoffWatch } from './backoff-watch.ts'
import { Caller } from './caller.ts'
import type { Ending } from './ending.ts'
import { DEAD, Life } from './life.ts'
import { phasesOf, type PlannedCaller } from './phases.ts'

/** Whether more happens than that one caller calls once. */
export function needsCallers({ spec, subject }: Pick<Scenario, 'spec' | 'subject'>): boolean {
  return subject.kind === 'function' && (spec.callers ?? spec.phases ?? spec.crash) !== undefined
}

/** What becomes of a caller, while it does. */
type Open<T> = { -readonly [K in keyof T]: T[K] }

type Run = Extract<Subject, { kind: 'function' }>['run']

/** The subject as one process has it. */
interface Process {
  readonly life: Life
  readonly run: Run
}

/**
 * The callers of a function where there are several, phase after phase; and its process, where that dies on the way: those
 * who wait then call the next one.
 */
export class Callers implements CallListener {
  readonly ends: CallerEnd[] = []
  readonly idle: Idle[] = []
  /** How many listeners the subject had left on the signals of those that had their answer. */
  listenersLeft = 0
  /** What the process that died had put on `globalThis`. */
  globalsKept: readonly string[] = []
  readonly #globalsBefore: ReadonlySet<string>
  readonly #scenario: Scenario
  readonly #outside: Outside
  readonly #forgetful: readonly { forget(): void }[]
  /** Those that wait for an answer. */
  readonly #present = new Set<Caller>()
  /** Asks for the moment of the crash as a caller that leaves. */
  readonly #crash: Caller | undefined
  /** One for all: each failure would start a timer for every caller. */
  readonly #backoff: BackoffWatch
  /** `undefined` after a crash, until somebody calls. */
  #process: Promise<Process> | undefined
  #life: Life | undefined
  #waiting = 0
  #idleSince: Pick<Idle, 'sinceMs' | 'fromCall'> | undefined

  /** @param timeline where the subject's global timers wait, where they are virtual */
  constructor(scenario: Scenario, outside: Outside, timeline: { forget(): void } | undefined) {
    const { world, boundaries, timers, connections } = outside
    this.#scenario = scenario
    this.#outside = outside
    this.#backoff = new BackoffWatch(world, boundaries, () => {
      for (const caller of this.#leavers()) caller.backoffBegins()
    })
    this.#forgetful = [timers, connections, ...(timeline === undefined ? [] : [timeline])]
    this.#globalsBefore = new Set(scenario.spec.crash === undefined ? [] : Object.keys(globalThis))
    if (scenario.spec.crash === undefined) return
    this.#crash = new Caller(world, scenario.spec.crash, boundaries)
    this.#crash.signal.addEventListener('abort', () => this.#dies(), { once: true })
  }

  get crashed(): boolean {
    return this.#crash !== undefined && this.#crash.departure !== null
  }

  callBegins(call: ObservedCall): void {
    this.#crash?.callBegins(call)
    for (const caller of this.#present) caller.callBegins(call)
    this.#backoff.callBegins(call)
  }

  callFailed(call: ObservedCall): void {
    if (this.#leavers().some(({ leavesInBackoff }) => leavesInBackoff)) this.#backoff.callFailed(call)
  }

  callSettled(): void {
    this.#backoff.callSettled()
  }

  /** All who may leave: those that wait for an answer, and the process. */
  #leavers(): readonly Caller[] {
    return this.#crash === undefined ? [...this.#present] : [this.#crash, ...this.#present]
  }

  /** All phases, one after the other. */
  async run(): Promise<Ending> {
    const { spec } = this.#scenario
    const { clock } = this.#outside.world
    const endings: Ending[] = []
    for (const { waitMs, callers } of phasesOf(spec)) {
      if (waitMs > 0) await sleep(clock, waitMs, 'the next phase')
      const before = endings.length
      await Promise.all(
        callers.map(async (planned, index) => {
          endings[before + index] = await this.#call(planned, before + index)
        }),
      )
    }
    this.#crash?.answered()
    this.#backoff.stop()
    if ((spec.callers ?? spec.phases) === undefined) return this.#only(endings[0] ?? {})
    const thrown = endings.find((ending) => ending.thrown !== undefined)?.thrown
    const output = endings.map((ending) =>
      ending.thrown === undefined ? ending.output : failureOf(ending.thrown.value),
    )
    return thrown === undefined ? { output } : { output, thrown }
  }

  /** One caller alone is not one of several. */
  #only(ending: Ending): Ending {
    this.ends.length = 0
    return ending
  }

  async #call({ input, atMs, abort, path }: PlannedCaller, index: number): Promise<Ending> {
    const { world, boundaries } = this.#outside
    const end: Open<CallerEnd> = {
      path,
      abort,
      output: undefined,
      thrown: null,
      settledAtMs: undefined,
      departure: null,
    }
    this.ends[index] = end
    if (atMs > 0) await sleep(world.clock, atMs, 'a caller')
    this.#begins()
    const caller = new Caller(world, abort, boundaries, index)
    this.#present.add(caller)
    const ending = await this.#answered(input, makePorts(this.#outside, caller))
    caller.answered()
    this.#present.delete(caller)
    end.output = ending.output
    end.thrown = ending.thrown === undefined ? null : serializeError(ending.thrown.value)
    end.settledAtMs = world.clock.monotonicMs()
    end.departure = caller.departure
    this.listenersLeft += caller.listenersLeft
    this.#ended()
    return ending
  }

  /** Calls until a process lives long enough to answer. */
  async #answered(input: unknown, ports: Ports): Promise<Ending> {
    for (;;) {
      const ending = await this.#askOnce(input, ports)
      if (ending !== DEAD) return ending
    }
  }

  async #askOnce(input: unknown, ports: Ports): Promise<Ending | typeof DEAD> {
    try {
      const { life, run } = await (this.#process ??= this.#starts())
      const own = this.#crash === undefined ? ports : life.portsOf(ports)
      return await Promise.race([life.death, answerOf(run, isolate(input), own)])
    } catch (thrown) {
      return { thrown: { value: thrown } }
    }
  }

  async #starts(): Promise<Process> {
    const { subject } = this.#scenario
    if (subject.kind !== 'function')
      throw new TypeError('Expected a function to have callers, got a pipeline.')
    const life = new Life()
    this.#life = life
    const release = this.#outside.world.pins.hold("the import of the subject's file")
    try {
      const fresh = this.#crash === undefined ? undefined : await subject.restart?.()
      return { life, run: (fresh as Run | undefined) ?? subject.run }
    } finally {
      release()
    }
  }

  #dies(): void {
    this.#process = undefined
    this.globalsKept = Object.keys(globalThis).filter((name) => !this.#globalsBefore.has(name))
    for (const timers of this.#forgetful) timers.forget()
    for (const caller of this.#present) caller.processDied()
    this.#life?.die()
  }

  #begins(): void {
    const { calls } = this.#outside.boundaries
    if (this.#waiting++ > 0 || this.#idleSince === undefined) return
    this.idle.push({ ...this.#idleSince, toCall: calls.length })
    this.#idleSince = undefined
  }

  #ended(): void {
    const { world, boundaries } = this.#outside
    if (--this.#waiting > 0) return
    this.#idleSince = { sinceMs: world.clock.monotonicMs(), fromCall: boundaries.calls.length }
  }
}

async function answerOf(run: Run, input: unknown, ports: Ports): Promise<Ending> {
  try {
    return { output: await run(input, ports) }
  } catch (thrown) {
    return { thrown: { value: thrown } }
  }
}

/** What a caller that was thrown an error has in the list of outputs. */
function failureOf(value: unknown): { readonly error: Pick<SerializedError, 'name' | 'message' | 'code'> } {
  const { name, message, code } = serializeError(value)
  return { error: code === undefined ? { name, message } : { name, message, code } }
}
