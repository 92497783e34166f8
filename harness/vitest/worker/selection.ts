import type { TestContext, TestOptions } from 'vitest'
import type { Selection } from '../../scenario/scenario.ts'

/** How Vitest is told. A skip with a reason is left to the test itself: only then does Vitest keep the reason. */
export function optionsOf(selection: Selection | undefined): TestOptions {
  if (selection?.kind === 'only') return { only: true }
  return selection?.kind === 'skip' && selection.reason === undefined ? { skip: true } : {}
}

/** Ends a test that is to be skipped. */
export function skipIfAsked(selection: Selection | undefined, context: TestContext): void {
  if (selection?.kind === 'skip') context.skip(selection.reason)
}
