import type { Position } from '../../../scenario/scenario.ts'

/** A place in a test where something is replaced, or watched, instead of being run. */
export interface MockCall extends Position {
  /** As it is written: `vi.mock('./send-order.ts')`, `vi.spyOn(executor, 'execute')`, `executor.execute = vi.fn()`. */
  readonly written: string
  /** The module that is mocked, or that what is spied on comes from. */
  readonly specifier: string
  /** Which of its exports; absent for the module as a whole. */
  readonly names?: readonly string[] | undefined
}

/** Whether a module is worth a closer look: it is a test, or helps one. Most modules of a project do neither. */
export function mayMock(code: string): boolean {
  return TESTS.test(code)
}

const TESTS = /\b(?:vi|vitest)\b|(?<![\w$.])(?:describe|it|test|before(?:Each|All))\s*[.(]/

/** Where an index of a text is, from 1. */
export function positionIn(code: string, index: number): Position {
  const before = code.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}
