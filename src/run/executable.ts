import type { StepResult } from '../result.ts'
import type { Run } from './run.ts'

/**
 * A node at its place in the tree it is run in.
 *
 * Plans are objects that execute themselves rather than data for one big interpreter: every frame between the caller
 * and a step's function is captured, and paid for, with each error that function throws.
 */
export interface Executable {
  /** Names from the root joined by `/`, unique in the tree. */
  readonly path: string
  /**
   * Runs the node and everything below it.
   * @param keepInput somebody else needs the input afterwards, so what runs here must not be able to change it
   * @returns the node's result; a failed or cancelled node is a result too
   * @throws ControlSignal, except an abort
   */
  execute(input: unknown, run: Run, keepInput: boolean): Promise<StepResult>
}
