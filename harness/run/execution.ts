import {
  createEngine,
  isGenuineEngine,
  isNode,
  memoryAudit,
  type SerializedError,
  serializeError,
} from '../../src/index.ts'
import { isolate, kept } from '../../src/context/isolate.ts'
import { planOf } from '../../src/run/plan-of.ts'
import type { FaultPlan } from '../faults/play/plan.ts'
import { faultsInVain } from './boundary/in-vain.ts'
import { drain, drive } from '../world/drive.ts'
import { GlobalTimeline } from '../world/globals/global-timeline.ts'
import { doAll } from '../world/put-back.ts'
import { LIMITS, type Limits } from '../world/limits.ts'
import { seedOf } from '../world/seed-of.ts'
import { SimWorld, WALL_START_MS } from '../world/sim-world.ts'
import { trackWork } from '../world/work/track.ts'
import { Boundaries } from './boundary/boundaries.ts'
import type { SyncKnowledge } from './boundary/sync-knowledge.ts'
import { NockHttp } from './boundary/nock-http.ts'
import type { Observation, StepVisit, UnhandledError } from '../scenario/observation.ts'
import { makePorts, Outside } from './boundary/make-ports.ts'
import { Caller } from './caller.ts'
import { Callers, needsCallers } from './callers.ts'
import type { Ending } from './ending.ts'
import { AsyncErrorWatch } from './async-error-watch.ts'
import { withIntrinsics } from './judge/intrinsics.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { timersOf } from '../scenario/timers-of.ts'
import { TimersLeft } from './timers-left.ts'
import { TappedAudit } from './tapped-audit.ts'
import { visitsOf } from './visits.ts'

/** The executor a scenario runs on: ours, or — in the oracles' own tests — a mutant of it. */
export interface Executor {
  readonly createEngine: typeof createEngine
  readonly isGenuineEngine: (value: unknown) => boolean
  readonly isNode: (value: unknown) => boolean
  readonly planOf: typeof planOf
}

export const realExecutor: Executor = { createEngine, isGenuineEngine, isNode, planOf }

/** One execution of a scenario, before it is judged. */
export interface Execution {
  readonly observation: Observation
  readonly audit: TappedAudit
  /** What was learnt of the functions that the subject wrapped. */
  readonly syncKnowledge: SyncKnowledge
}

const NONE: readonly never[] = []
const NO_VISITS: readonly StepVisit[] = []

/** Runs a scenario's subject once, in a world of its own. */
export async function executeOnce(
  scenario: Scenario,
  plan: FaultPlan,
  executor: Executor,
  watchdogMs: number | undefined,
  known: SyncKnowledge | undefined,
): Promise<Execution> {
  const { spec } = scenario
  const watch = new AsyncErrorWatch()
  let timeline: GlobalTimeline | undefined
  let http: NockHttp | undefined
  let untrack: (() => void) | undefined
  try {
    if (timersOf(scenario) === 'global') timeline = new GlobalTimeline(WALL_START_MS, seedOf(spec))
    plan.reset()
    const world = new SimWorld({ seed: spec.seed, timeline })
    const limits = limitsOf(spec, watchdogMs)
    const boundaries = new Boundaries(world, plan, limits.calls, asksForSignals(spec))
    world.boundary = boundaries.cross
    const audit = new TappedAudit(memoryAudit())
    if (spec.http === 'nock') http = await NockHttp.listen(world, boundaries, plan)
    untrack = trackWork(world.work)
    const caller = new Caller(world, spec.abort, boundaries)
    const ports = new Outside(world, boundaries, caller, known)
    const callers = needsCallers(scenario) ? new Callers(scenario, ports, timeline) : undefined
    boundaries.caller = callers ?? caller
    let atEnd: AtEnd | undefined
    const work = async (): Promise<void> => {
      const ending = await (callers?.run() ?? start(scenario, ports, audit, executor))
      caller.answered()
      atEnd = stateAt(ending, ports)
    }
    const end = await drive(world, work, { limits })
    const virtualMs = world.clock.monotonicMs()
    const timers = new TimersLeft([ports.timers, timeline], virtualMs)
    if (end.kind === 'settled') await drain(world, { limits })
    const timersLeft = timers.afterDrain()
    if (end.kind === 'settled') timeline?.keepWhatGoesOn(virtualMs, spec.background === true)
    const settled = { end, timersLeft, virtualMs }
    const evidence = { scenario, plan, executor, audit, caller, callers, watch, ports }
    // The evidence, too, is gathered with the language as it was: a `push` of the subject's own could drop some.
    const observation = withIntrinsics(() => observe(evidence, atEnd ?? stateNow(ports), settled))
    return { observation, audit, syncKnowledge: ports.syncKnowledge }
  } finally {
    doAll([() => untrack?.(), () => http?.stop(), () => watch.stop(), () => timeline?.uninstall()])
  }
}

/** What was there when the subject settled, or was given up. */
interface AtEnd extends Pick<Observation, 'callsBeforeEnd' | 'outputAtEnd' | 'connectionsLeft'> {
  readonly ending: Ending
}

function stateAt(ending: Ending, { boundaries, connections }: Outside): AtEnd {
  return {
    ending,
    callsBeforeEnd: boundaries.calls.length,
    outputAtEnd: kept(ending.output),
    connectionsLeft: connections.left(),
  }
}

/** The same of a subject that never settled. */
function stateNow({ connections }: Outside): AtEnd {
  const connectionsLeft = connections.left()
  return { ending: {}, callsBeforeEnd: undefined, outputAtEnd: undefined, connectionsLeft }
}

/** How it settled, and what was left then. */
type Settled = Pick<Observation, 'end' | 'timersLeft' | 'virtualMs'>

/** Where the rest of an observation is found. */
interface Evidence {
  readonly scenario: Scenario
  readonly plan: FaultPlan
  readonly executor: Executor
  readonly audit: TappedAudit
  readonly caller: Caller
  readonly callers: Callers | undefined
  readonly watch: AsyncErrorWatch
  readonly ports: Outside
}

function observe(
  { scenario, plan, executor, audit, caller, callers, watch, ports }: Evidence,
  { ending, callsBeforeEnd, outputAtEnd, connectionsLeft }: AtEnd,
  { end, timersLeft, virtualMs }: Settled,
): Observation {
  const { subject } = scenario
  const { boundaries, world } = ports
  const { calls, wrapped, runaway, impossible } = boundaries
  const inVain = faultsInVain(calls)
  // Field by field: spreading some of them costs a thirtieth of a run.
  return {
    scenario,
    end,
    virtualMs,
    timersLeft,
    callsBeforeEnd,
    outputAtEnd,
    connectionsLeft,
    plan: subject.kind === 'pipeline' ? executor.planOf(subject.node) : undefined,
    result: ending.result,
    thrown: thrownBy(ending),
    output: ending.output,
    records: audit.records,
    visits: subject.kind === 'pipeline' ? visitsOf(audit.records, calls) : NO_VISITS,
    calls,
    marks: world.marks,
    wrapped,
    runaway,
    impossible,
    callers: callers?.ends ?? NONE,
    idle: callers?.idle ?? NONE,
    crashed: callers?.crashed ?? false,
    globalsKept: callers?.globalsKept ?? NONE,
    departure: caller.departure,
    leftOver: [...world.work.leftOver],
    realWork: world.work.wasReal,
    listenersLeft: callers?.listenersLeft ?? caller.listenersLeft,
    faultsFired: plan.firedCount - inVain.reduce((sum, { calls: count }) => sum + count, 0),
    faultsUnfired: [...plan.unfired(), ...inVain],
    unhandled: unhandledIn(watch, world),
  }
}

function thrownBy({ thrown }: Ending): SerializedError | null {
  return thrown === undefined ? null : serializeError(thrown.value)
}

function unhandledIn(watch: AsyncErrorWatch, { uncaught }: SimWorld): readonly UnhandledError[] {
  const unhandled = watch.collected()
  return uncaught.length === 0
    ? unhandled
    : [...unhandled, ...uncaught.map((thrown) => ({ how: 'thrown' as const, ...serializeError(thrown) }))]
}

function asksForSignals({ expect }: Scenario['spec']): boolean {
  return Object.values(expect.calls ?? {}).some((about) => typeof about === 'object' && 'aborted' in about)
}

/** The scenario's own limits; the test that it runs in may leave more real time than the default, or less. */
function limitsOf({ limits }: Scenario['spec'], watchdogMs: number | undefined): Limits {
  if (limits === undefined && watchdogMs === undefined) return LIMITS
  return {
    calls: limits?.calls ?? LIMITS.calls,
    jumps: limits?.jumps ?? LIMITS.jumps,
    virtualMs: limits?.virtualMs ?? LIMITS.virtualMs,
    // What a scenario says itself counts; its test has to have the time for it.
    realMs: limits?.realMs ?? watchdogMs ?? LIMITS.realMs,
  }
}

async function start(
  { spec, subject }: Scenario,
  outside: Outside,
  audit: TappedAudit,
  executor: Executor,
): Promise<Ending> {
  const { world, caller } = outside
  const input = isolate(spec.input)
  try {
    if (subject.kind === 'function') return { output: await subject.run(input, makePorts(outside)) }
    const engine = executor.createEngine({ world: world.view, audit })
    const result = await engine.run(
      subject.node,
      input as never,
      spec.abort === undefined ? undefined : { signal: caller.signal },
    )
    return { result, output: result.output }
  } catch (thrown) {
    return { thrown: { value: thrown } }
  }
}
