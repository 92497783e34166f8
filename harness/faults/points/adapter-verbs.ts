import { errorMaker, errorParams, type ErrorExtras } from '../effects/injected-error.ts'
import type { FaultStep } from '../grammar/program.ts'
import type { Act, Verb } from './verb.ts'

/** What an adapter can do wrong beside what any function can, as the builder offers it. */
export interface AdapterVerbs<Next> {
  /** Resolves with `{ success: false, error }`: a soft failure, which no exception tells. Arguments as for `reject`. */
  soft(message?: string, extras?: ErrorExtras): Next
}

export const adapterVerbs: Readonly<Record<keyof AdapterVerbs<unknown>, Verb>> = {
  soft: {
    name: 'soft',
    params: [errorParams.message],
    options: errorParams.extras,
    ignoresAbort: false,
    summary: 'resolves with `{ success: false, error }`, a failure that is no exception',
    example: '2*soft("no worker is free") -> off',
    bind: bindSoft,
  },
}

function bindSoft(step: FaultStep): Act {
  const makeError = errorMaker(step, 0)
  return () => {
    const { message, ...properties } = makeError()
    return Promise.resolve({ success: false, error: message, ...properties })
  }
}
