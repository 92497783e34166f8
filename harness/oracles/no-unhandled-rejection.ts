import type { UnhandledError } from '../scenario/observation.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** What each is in a sentence; what cannot be known says so itself. */
const WORDS: Readonly<Record<UnhandledError['how'], (error: UnhandledError) => string>> = {
  rejected: ({ name, message }) => `A rejection was left unhandled: ${name}: ${message}`,
  thrown: ({ name, message }) =>
    `An error was thrown where nothing catches it, in a timer, an event or a callback: ${name}: ${message}`,
  unknown: ({ message }) => message,
}

/** 11: no error is left for the process to deal with. */
export const noUnhandledRejection: Oracle = {
  number: 11,
  name: 'no-unhandled-rejection',
  judges: 'any',
  check({ unhandled }) {
    return unhandled.map((error) => violation(noUnhandledRejection, WORDS[error.how](error)))
  },
}
