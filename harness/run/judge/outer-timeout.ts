import { backoffMs } from '../../../src/policy/backoff.ts'
import type { StepPolicy } from '../../../src/policy/step-policy.ts'
import type { Plan } from '../../../src/run/plan.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** The draw that gives jitter its longest delay. */
const longest = (): number => 1

/** Findings of one plan, which is the same for every run of a scenario. */
const known = new WeakMap<Plan, readonly Remark[]>()

/**
 * 18 in the list of oracles: who waits for something that tries again must wait longer than all the attempts may take, with the
 * waits between them; else the last ones can never count. It is how the subject was built, whatever the run did.
 */
export function outerTimeoutRemarks({ plan }: Pick<Observation, 'plan'>): readonly Remark[] {
  if (plan === undefined) return []
  let remarks = known.get(plan)
  if (remarks === undefined) known.set(plan, (remarks = findingsIn(plan)))
  return remarks
}

function findingsIn(plan: Plan): readonly Remark[] {
  const inside = plan.children().flatMap((child) => findingsIn(child.plan))
  const outerMs = joinTimeoutMs(plan)
  if (outerMs === undefined) return inside
  const tooShort = plan.children().flatMap(({ key, plan: branch }): Remark[] => {
    const innerMs = mayTakeMs(branch)
    return innerMs < outerMs
      ? []
      : [
          {
            code: 'E_OUTER_TIMEOUT',
            message: `The join of ${plan.path} waits ${outerMs} ms, and its branch ${key} may take ${innerMs} ms with all its attempts and the waits between them: the last ones can never count. Give the join more time, or the branch fewer attempts.`,
            at: ['subject'],
          },
        ]
  })
  return inside.concat(tooShort)
}

/** How long a parallel node waits for its branches; `undefined` where it has no limit. */
function joinTimeoutMs({ node }: Plan): number | undefined {
  if (node.kind !== 'parallel') return undefined
  const { policy } = node as { policy?: { join?: { policy?: { timeoutMs?: unknown } } } }
  const timeoutMs = policy?.join?.policy?.timeoutMs
  return typeof timeoutMs === 'number' ? timeoutMs : undefined
}

/** The longest that a tree takes whose attempts all time out; of attempts without a limit only the waits are known. */
function mayTakeMs(plan: Plan): number {
  const { kind, policy } = plan.node as { kind: string; policy?: StepPolicy }
  if ((kind === 'step' || kind === 'adapter') && policy !== undefined) return attemptsMs(policy)
  const parts = plan.children().map((child) => mayTakeMs(child.plan))
  const atOnce = kind === 'parallel' || kind === 'choose'
  return atOnce ? Math.max(0, ...parts) : parts.reduce((sum, each) => sum + each, 0)
}

function attemptsMs({ retries, timeoutMs = 0, backoff }: StepPolicy): number {
  let sum = (1 + retries) * timeoutMs
  for (let failed = 1; failed <= retries; failed++) sum += backoffMs(backoff, failed, longest)
  return sum
}
