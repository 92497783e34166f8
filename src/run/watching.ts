import type { AuditRecord } from '../audit/records.ts'
import type { AbortSignalled } from '../base/control.ts'
import type { RunResult, StepResult } from '../base/result.ts'
import type { Stop } from './stop.ts'
import type { Interruptible } from './until-aborted.ts'

/** Sees every record of a run, whether or not it is kept. Must not throw. */
export interface RecordWatcher {
  record(record: AuditRecord): void
}

/** A node at its place, as far as hooks know it. */
export interface HookedNode {
  readonly path: string
  readonly node: { readonly name: string }
}

/** A scope, as far as hooks know it: whose step it is, who may end a wait in it, and when what comes next starts. */
export interface HookedScope extends Interruptible {
  readonly tokenId: string
  readonly visit: number
  readonly aborted: AbortSignalled | undefined
  readonly unaborted: Interruptible | undefined
  continuesMs: number
}

/** Calls the hooks of one run. */
export interface HookCaller {
  /** Before anything runs. @returns what ends the run, if a hook does */
  preRun(node: HookedNode, input: unknown, scope: HookedScope): Promise<Stop | undefined>
  /** Before a step's first attempt. @returns what ends the run, if a hook does */
  preStep(node: HookedNode, input: unknown, scope: HookedScope): Promise<Stop | undefined>
  /** After a step. @returns its result, or what it is when a hook ends the run */
  afterStep(result: StepResult, scope: HookedScope): Promise<StepResult>
  /** When the run is over. @returns what it rejects with, if a hook says so */
  postRun(result: RunResult, scope: HookedScope): Promise<Stop | undefined>
}
