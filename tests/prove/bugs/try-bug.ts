import { type Problem, runScenario } from 'shakedown/harness'
import { libraryNamed } from '../libraries/library-named.ts'
import { byExpectation } from './by-expectation.ts'
import { byOracle } from './by-oracle.ts'
import type { Bug } from './bug.ts'

export const bugs: readonly Bug[] = [...byOracle, ...byExpectation]

/** What the harness says of both versions. */
export interface Tried {
  readonly bug: Bug
  /** `LIBRARY VERSION`, as published. */
  readonly bad: string
  readonly good: string
  /** What is said of the version with the bug, which must be something. */
  readonly before: readonly Problem[]
  /** What is said of the version with the mend, which must be nothing. */
  readonly after: readonly Problem[]
}

/** Problems of expectations; all others need nothing written. */
const EXPECTATION = 'E_EXPECT'

/** Runs the scenario of a bug on the version that has it and on the one that has not. */
export async function tryBug(bug: Bug): Promise<Tried> {
  const [bad, good] = await Promise.all([libraryNamed(`${bug.alias}-bad`), libraryNamed(`${bug.alias}-good`)])
  const { problems: before } = await runScenario(bug.scenario(bad.module))
  const { problems: after } = await runScenario(bug.scenario(good.module))
  return { bug, bad: bad.published, good: good.published, before, after }
}

/** Whether the bug was found in the way it says, and its mend is accepted. */
export function isTold({ bug, before, after }: Tried): boolean {
  const found = before.some(({ code }) => (code === EXPECTATION) === (bug.by === 'an expectation'))
  return found && after.length === 0
}

/** What found it, in a word: the oracle, or the code. */
export function finder({ bug, before }: Tried): string {
  const problem = before.find(({ code }) => (code === EXPECTATION) === (bug.by === 'an expectation'))
  return problem === undefined ? 'nothing' : (problem.oracle ?? problem.code)
}
