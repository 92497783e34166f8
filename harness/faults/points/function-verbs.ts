import { errorMaker, errorParams, type ErrorExtras } from '../effects/injected-error.ts'
import { connectionReset } from '../effects/fetch-failures.ts'
import { type LostAnswer, lostAnswer, lostAnswerParam, workThen } from '../effects/lost-answer.ts'
import type { StoredJson } from '../grammar/json.ts'
import type { Param } from '../grammar/param.ts'
import type { FaultStep } from '../grammar/program.ts'
import { makeStrangeValue, strangeValues, type StrangeValue } from '../effects/strange-values.ts'
import { numberArg, Rejection, type Act, type Verb } from './verb.ts'
import { waitDeaf } from '../effects/waiting.ts'

/** What a step or function can do wrong, as the builder offers it. Unless said otherwise the real thing does not run. */
export interface FunctionVerbs<Next> {
  /** Throws synchronously, before any promise exists. Arguments as for `reject`, which does the same at a function that gives no promise. */
  throw(message?: string, extras?: ErrorExtras): Next
  /**
   * Rejects with a new `Error`. An errno-like message such as `ECONNRESET` becomes `error.code`, with the message,
   * `errno` and `syscall` Node would give; anything else is the message as it is.
   */
  reject(message?: string, extras?: ErrorExtras): Next
  /**
   * Runs the real thing and loses its answer once the work is done: rejects with `ECONNRESET`, or never settles. What
   * retries without an idempotency key does the work twice.
   */
  lose(how: LostAnswer): Next
  /** Resolves with a copy of `json`, as if the real thing had answered so. */
  return(json: StoredJson): Next
  /** Resolves with a copy of `json` that is meant to be refused: an output of the wrong shape. */
  shape(json: StoredJson): Next
  /** Never settles, whatever the signal says. */
  hang(): Next
  /** Runs the real thing at once and keeps its result for `ms` more virtual milliseconds, deaf to aborts. */
  late(ms: number): Next
  /** Rejects `ms` virtual milliseconds later, deaf to aborts. Further arguments as for `reject`. */
  lateReject(ms: number, message?: string, extras?: ErrorExtras): Next
  /** Rejects with something no handler expects: `undefined`, a frozen error, an error that is its own cause, … */
  value(thrown: StrangeValue): Next
  /** Resolves with a string of this many bytes. */
  huge(bytes: number): Next
}

const msParam: Param = { name: 'ms', type: { kind: 'duration' }, required: true }
const jsonParam: Param = { name: 'json', type: { kind: 'json' }, required: true }
const plain = { options: [], ignoresAbort: false } as const

export const functionVerbs: Readonly<Record<keyof FunctionVerbs<unknown>, Verb>> = {
  throw: {
    ...plain,
    name: 'throw',
    params: [errorParams.message],
    options: errorParams.extras,
    summary: 'throws an Error synchronously',
    example: 'throw("boom")',
    atOnce: bindThrow,
    bind: bindThrow,
  },
  reject: {
    ...plain,
    name: 'reject',
    params: [errorParams.message],
    options: errorParams.extras,
    summary: 'rejects with an Error; a bare word is its code',
    example: '2*reject(ECONNRESET) -> reject("quota used up", retryable=false)',
    atOnce: bindThrow,
    bind: bindReject,
  },
  lose: {
    ...plain,
    name: 'lose',
    params: [lostAnswerParam],
    summary: 'the real thing does its work and its answer is lost: ECONNRESET, or silence',
    example: 'lose(reset) -> off',
    actsOnAnswer: true,
    atOnce: loseAtOnce,
    atOnceUsage: 'lose(reset)',
    bind: bindLose,
  },
  return: {
    ...plain,
    name: 'return',
    params: [jsonParam],
    summary: 'resolves with this value instead of the real one',
    example: 'return({"id":7})',
    atOnce: returnAtOnce,
    bind: bindReturn,
  },
  shape: {
    ...plain,
    name: 'shape',
    params: [jsonParam],
    summary: 'resolves with an output of the wrong shape, meant to be refused',
    example: 'shape({"id":null})',
    atOnce: returnAtOnce,
    bind: bindReturn,
  },
  hang: {
    ...plain,
    name: 'hang',
    params: [],
    summary: 'never settles, whatever its signal says',
    example: 'hang',
    ignoresAbort: true,
    bind: bindHang,
  },
  late: {
    ...plain,
    name: 'late',
    params: [msParam],
    summary: 'runs the real thing at once and settles this much later, deaf to aborts',
    example: 'late(5s)',
    ignoresAbort: true,
    bind: bindLate,
  },
  lateReject: {
    ...plain,
    name: 'lateReject',
    params: [msParam, errorParams.message],
    options: errorParams.extras,
    summary: 'rejects this much later, deaf to aborts',
    example: 'lateReject(5s, "too late")',
    ignoresAbort: true,
    bind: bindLateReject,
  },
  value: {
    ...plain,
    name: 'value',
    params: [{ name: 'thrown', type: { kind: 'word', words: strangeValues }, required: true }],
    summary: `rejects with something strange: ${strangeValues.join(', ')}`,
    example: 'value(undefined)',
    atOnce: valueAtOnce,
    bind: bindValue,
  },
  huge: {
    ...plain,
    name: 'huge',
    params: [{ name: 'bytes', type: { kind: 'bytes' }, required: true }],
    summary: 'resolves with a string of this size',
    example: 'huge(4MB)',
    atOnce: hugeAtOnce,
    bind: bindHuge,
  },
}

function bindThrow(step: FaultStep): Act {
  const makeError = errorMaker(step, 0)
  return () => {
    throw makeError()
  }
}

function bindReject(step: FaultStep): Act {
  const makeError = errorMaker(step, 0)
  return () => new Rejection(makeError())
}

function bindLose(step: FaultStep): Act {
  const instead = lostAnswer(step) === 'hang' ? never : () => Promise.reject(connectionReset())
  return (_call, real) => workThen(real, instead)
}

function loseAtOnce(step: FaultStep): Act | undefined {
  if (lostAnswer(step) === 'hang') return undefined
  return (_call, real) => {
    real()
    throw connectionReset()
  }
}

function bindReturn(step: FaultStep): Act {
  const answer = returnAtOnce(step)
  return (...call) => Promise.resolve(answer(...call))
}

function returnAtOnce(step: FaultStep): Act {
  const value = step.args[0]
  // A copy, because the caller may change what it is given and the program is played again in the next run.
  return typeof value === 'object' && value !== null ? () => structuredClone(value) : () => value
}

function bindHang(): Act {
  return never
}

function never(): Promise<never> {
  return new Promise(() => {})
}

function bindLate(step: FaultStep): Act {
  const delayMs = numberArg(step, 0)
  return (call, real, world) => {
    // The real thing runs now, before any timeout can abort its signal: only its result is late.
    const running = new Promise((resolve) => resolve(real()))
    return running.then(
      (result) => waitDeaf(call, world, delayMs, () => result),
      (thrown: unknown) => waitDeaf(call, world, delayMs, () => Promise.reject(thrown)),
    )
  }
}

function bindLateReject(step: FaultStep): Act {
  const delayMs = numberArg(step, 0)
  const makeError = errorMaker(step, 1)
  return (call, _real, world) => waitDeaf(call, world, delayMs, () => Promise.reject(makeError()))
}

function bindValue(step: FaultStep): Act {
  const name = strangeValueOf(step)
  return () => new Rejection(makeStrangeValue(name))
}

function valueAtOnce(step: FaultStep): Act {
  const name = strangeValueOf(step)
  return () => {
    throw makeStrangeValue(name)
  }
}

function strangeValueOf(step: FaultStep): StrangeValue {
  return strangeValues.find((known) => known === step.args[0]) ?? 'undefined'
}

function bindHuge(step: FaultStep): Act {
  const answer = hugeAtOnce(step)
  return (...call) => Promise.resolve(answer(...call))
}

function hugeAtOnce(step: FaultStep): Act {
  const bytes = numberArg(step, 0)
  return () => 'x'.repeat(bytes)
}
