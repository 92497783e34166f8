import type { Vitest } from 'vitest/node'
import type { FileRemark } from '../../../reporters/collect/file-remark.ts'

/** What the plugin has done to one Vitest. */
export interface VitestState {
  /** The reporter is there. */
  reports: boolean
  /** The folders whose scenario files have a project that runs them. */
  readonly folders: Set<string>
  /** What the texts of modules are remarked for, by their ids. */
  readonly remarks: Map<string, readonly FileRemark[]>
}

/**
 * Every copy of this package in a process must find the same state: Vitest 4 loads the configuration file once more
 * for each project of a workspace, and a configuration file that bundles the plugin brings a copy of its own each time.
 */
const KEY = Symbol.for('shakedown:vitest-state')

/** The state of a Vitest; new for one that was not seen before. */
export function stateOf(vitest: Vitest): VitestState {
  const shared = globalThis as { [KEY]?: WeakMap<Vitest, VitestState> }
  const states = (shared[KEY] ??= new WeakMap())
  const state = states.get(vitest) ?? { reports: false, folders: new Set(), remarks: new Map() }
  states.set(vitest, state)
  return state
}
