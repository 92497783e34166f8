import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { workType } from './kinds.ts'
import type { Work } from './work.ts'

/** In whose name code runs. */
interface Name {
  readonly work: Work
  /** What timer has called it, where it was not the subject. */
  readonly upkeep: Upkeep | undefined
}

/** A timer that goes on from scenario to scenario: one that a module keeps, or one that an earlier scenario has left. */
export type Upkeep = 'kept' | 'left over'

/** Names the scenario in whose name something is made. */
const owner = new AsyncLocalStorage<Name>()

/** Whose each tracked resource is, by its async id. */
const owners = new Map<number, Work>()

/** Above zero while the harness makes resources of its own. */
let untracked = 0

const hook = createHook({
  init(asyncId, name, _triggerAsyncId, resource) {
    if (untracked > 0) return
    const type = workType(name)
    if (type === undefined) return
    const work = owner.getStore()?.work
    if (work === undefined || work.isOver) return
    owners.set(asyncId, work)
    work.begin(asyncId, type, resource)
  },
  after(asyncId) {
    owners.get(asyncId)?.calledBack(asyncId)
  },
  // Following promises, too, would make each await cost 2.7 times as much. Node 22 does so whatever is asked.
  trackPromises: false,
})

/** Notes what resources are made in the name of a `Work`; see `inNameOf`. Returns what ends it. */
export function followResources(): () => void {
  hook.enable()
  return () => {
    hook.disable()
    owners.clear()
  }
}

/** Whatever becomes of what this work has begun is of no interest any more. */
export function forgetResources(work: Work): void {
  for (const [asyncId, whose] of owners) if (whose === work) owners.delete(asyncId)
}

/** Calls `act`; what it starts, now and in all that follows from it, is the work's. */
export function inNameOf<T>(work: Work, act: () => T): T {
  return owner.run({ work, upkeep: undefined }, act)
}

/** The same for what a timer calls that goes on from scenario to scenario. */
export function asUpkeepOf<T>(work: Work, upkeep: Upkeep, act: () => T): T {
  return owner.run({ work, upkeep }, act)
}

/** What timer that goes on from scenario to scenario has called the current code; `undefined` where none has. */
export function currentUpkeep(): Upkeep | undefined {
  return owner.getStore()?.upkeep
}

/** The work in whose name the current code runs; `undefined` outside every scenario. */
export function currentWork(): Work | undefined {
  return owner.getStore()?.work
}

/** Calls `act`; what it makes is the harness's own and nobody's work. */
export function ofOurOwn<T>(act: () => T): T {
  untracked++
  try {
    return act()
  } finally {
    untracked--
  }
}
