import { oracles } from '../../oracles/index.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Problem } from '../../scenario/verdict.ts'
import { impossibleProblem } from './impossible-fault.ts'
import { endProblem, runawayProblem } from './end-problem.ts'
import { unmetExpectations } from './expect.ts'
import { observed } from './observed.ts'
import { unreachedAlone } from './sometimes.ts'
import { unsaidEnding } from './unsaid-ending.ts'

/** Everything that is wrong with one execution: how it ended, what was expected of it, what oracles say. */
export function judge(observation: Observation): readonly Problem[] {
  const { scenario, end, runaway, impossible } = observation
  // What a subject makes of an error that no fault says is not to be judged.
  if (impossible !== undefined) return [impossibleProblem(impossible)]
  const problems: Problem[] = []
  if (runaway !== undefined) problems.push(runawayProblem(runaway, observation))
  if (end.kind === 'settled') {
    const ending = observed(observation)
    const unsaid = unsaidEnding(observation, ending)
    if (unsaid !== undefined) problems.push(unsaid)
    problems.push(...unmetExpectations(scenario.spec.expect, observation, ending))
    problems.push(...unreachedAlone(observation))
  } else if (runaway === undefined) {
    // What a scenario that never ended looks like proves nothing either way; that it never ended says it all.
    problems.push(endProblem(end, observation))
  }
  const judged = scenario.subject.kind === 'pipeline' ? 'engine' : 'function'
  for (const oracle of oracles) {
    if (oracle.judges !== 'any' && oracle.judges !== judged) continue
    problems.push(...oracle.check(observation))
  }
  return problems
}
