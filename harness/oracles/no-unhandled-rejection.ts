import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 11: no rejection is left for the process to deal with. */
export const noUnhandledRejection: Oracle = {
  number: 11,
  name: 'no-unhandled-rejection',
  judges: 'any',
  check({ unhandled }) {
    return unhandled.map(({ name, message }) =>
      violation(noUnhandledRejection, `A rejection was left unhandled: ${name}: ${message}`),
    )
  },
}
