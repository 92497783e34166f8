import { isDeepStrictEqual } from 'node:util'
import type { Observation, ObservedCall } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { eachFallbackMoment, wasCalled } from './fallback-moments.ts'
import { Parents } from './lineage.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'
import { branchesIn } from './plan-walk.ts'
import { swappedOutputs } from './swapped-outputs.ts'

/**
 * 5: retries, fallbacks and branches get the original input, whatever those before or beside them did to theirs, and what
 * a branch gave stands under its own key.
 */
export const originalInput: Oracle = {
  number: 5,
  name: 'original-input',
  judges: 'engine',
  check(observation) {
    const problems: Problem[] = []
    const compare = (original: ObservedCall, later: ObservedCall, who: string): void => {
      if (isDeepStrictEqual(original.input, later.input)) return
      problems.push(differs(original, later, who))
    }
    for (const { calls } of observation.visits) {
      const [first] = calls
      for (let at = 1; at < calls.length; at++) {
        const call = calls[at]
        if (first !== undefined && call !== undefined) compare(first, call, `attempt ${at + 1} of`)
      }
    }
    for (const { message, ...values } of swappedOutputs(observation))
      problems.push(violation(originalInput, message, values))
    eachPairOfBranches(observation, (one, other) => compare(one, other, 'branch'))
    // Where no fallback was called there is nothing to compare with a primary's input.
    if (!wasCalled(observation, 'first-of-fallback')) return problems
    eachFallbackMoment<Note>(observation, ({ part, moment, notes }) => {
      const { tokenId } = moment
      if (moment.kind === 'ended') {
        if (part === 'whole') notes.note(tokenId, null)
        return
      }
      const [call] = moment.visit.calls
      if (call === undefined || (part !== 'first-of-primary' && part !== 'first-of-fallback')) return
      const first = notes.latest(tokenId) ?? null
      // A loop may go round in either; only its first round has the input of the whole.
      if (part === 'first-of-primary') notes.note(tokenId, first ?? call)
      else if (first !== null) {
        compare(first, call, 'fallback')
        notes.note(tokenId, null)
      }
    })
    return problems
  },
}

/** The first calls in two branches of one fork, where nothing but the engine was between them and the fork. */
function eachPairOfBranches(
  { plan, records, visits }: Observation,
  tell: (one: ObservedCall, other: ObservedCall) => void,
): void {
  const branches = branchesIn(plan)
  if (branches.size === 0) return
  const nodeOf = new Map([...branches.values()].map(({ first, of }) => [first, of]))
  const parents = new Parents(records)
  const firsts = new Map<string, ObservedCall>()
  for (const { path, tokenId, calls } of visits) {
    const [node, call] = [nodeOf.get(path), calls[0]]
    if (node === undefined || call === undefined) continue
    const fork = JSON.stringify([node, parents.of(tokenId)])
    const first = firsts.get(fork)
    if (first === undefined) firsts.set(fork, call)
    else tell(first, call)
  }
}

/** The first call of the primary since the fallback node started; `null` when there is none to compare with. */
type Note = ObservedCall | null

function differs(original: ObservedCall, later: ObservedCall, who: string): Problem {
  return violation(
    originalInput,
    `Expected ${who} ${later.path} to get the original input of ${original.path}, got something else.`,
    { expected: original.input, actual: later.input },
  )
}
