import type { StepVisit } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { eachFallbackMoment, hasCompleted, wasCalled } from './fallback-moments.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'
import { askedInVain } from './route-over.ts'

/** What has become of a fallback node since it started: its primary is done, its fallback was called, or neither. */
type Note =
  | { readonly kind: 'primary-completed' }
  | { readonly kind: 'fallback-called'; readonly visit: StepVisit }
  | { readonly kind: 'neither' }

const PRIMARY_COMPLETED: Note = { kind: 'primary-completed' }
const NEITHER: Note = { kind: 'neither' }

/** 4: a fallback runs only when its primary has failed for good, and a route goes on only when its adapter has. */
export const noFallbackAfterSuccess: Oracle = {
  number: 4,
  name: 'no-fallback-after-success',
  judges: 'engine',
  check(observation) {
    const problems: Problem[] = askedInVain(observation).map((message) =>
      violation(noFallbackAfterSuccess, message),
    )
    // It takes both, and going through the moments costs as much as the other oracles together.
    if (!hasCompleted(observation, 'primary') || !wasCalled(observation, 'fallback')) return problems
    eachFallbackMoment<Note>(observation, ({ fallback, part, moment, notes }) => {
      const { kind, tokenId } = moment
      if (part === 'whole' && kind === 'ended') notes.note(tokenId, NEITHER)
      else if (part === 'primary' && kind === 'ended') {
        const completed = moment.record.status === 'completed'
        const before = completed ? notes.latest(tokenId) : undefined
        if (before?.kind === 'fallback-called') problems.push(needless(before.visit, fallback.primary.path))
        notes.note(tokenId, completed ? PRIMARY_COMPLETED : NEITHER)
      } else if (part === 'fallback' && kind === 'began' && moment.visit.calls.length > 0) {
        const { visit } = moment
        const needed = notes.latest(tokenId)?.kind !== 'primary-completed'
        if (!needed) problems.push(needless(visit, fallback.primary.path))
        // One problem says it: the rest of a fallback of many steps is not another one.
        notes.note(tokenId, needed ? { kind: 'fallback-called', visit } : NEITHER)
      }
    })
    return problems
  },
}

function needless({ path }: StepVisit, primary: string): Problem {
  return violation(
    noFallbackAfterSuccess,
    `Fallback ${path} was called although its primary ${primary} had completed.`,
  )
}
