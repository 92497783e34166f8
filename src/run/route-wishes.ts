import { isListOfTexts } from '../adapters/registry-options.ts'
import { ShakedownError } from '../base/errors.ts'
import { got } from '../base/got.ts'
import { isControlSignal } from '../base/control.ts'
import type { SerializedError } from '../base/result.ts'
import { serializeError } from '../base/serialize-error.ts'
import { isolate } from '../context/isolate.ts'
import type { RoutePolicy } from '../nodes/route.ts'
import { decide } from './decide.ts'
import type { Scope } from './scope.ts'
import type { Stop } from './stop.ts'

/** What a task asks of its adapter. */
export interface Wishes {
  readonly explicit: readonly string[] | undefined
  readonly type: string | undefined
  readonly requires: readonly string[]
}

type Asked =
  | { readonly kind: 'wishes'; readonly wishes: Wishes }
  | { readonly kind: 'failed'; readonly error: SerializedError }
  | { readonly kind: 'stopped'; readonly stop: Stop }

/** What is asked of a task, the field it is read from where the route says nothing, and what it has to be. */
const QUESTIONS = {
  type: { field: 'type', expected: 'a text', fits: (value: unknown) => typeof value === 'string' },
  requires: { field: 'requires', expected: 'a list of texts', fits: isListOfTexts },
  order: { field: 'preferenceOrder', expected: 'a list of texts', fits: isListOfTexts },
} as const

type Question = keyof typeof QUESTIONS

/** Asks what a task wants: by the route's options, else by the task's own fields. Never rejects. */
export async function wishesOf(
  task: unknown,
  policy: Pick<RoutePolicy, Question>,
  scope: Scope,
  path: string,
): Promise<Asked> {
  try {
    const answers: Partial<Record<Question, unknown>> = {}
    for (const question of Object.keys(QUESTIONS) as Question[]) {
      const written = policy[question]
      if (typeof written === 'function')
        answers[question] = checked(
          question,
          path,
          await decide(scope, path, question, () => written(isolate(task) as never)),
        )
      else answers[question] = written ?? ownField(task, question)
    }
    const { type, requires = [], order } = answers as { type?: string; requires?: string[]; order?: string[] }
    return { kind: 'wishes', wishes: { type, requires, explicit: order } }
  } catch (thrown) {
    if (isControlSignal(thrown)) return { kind: 'stopped', stop: thrown }
    return { kind: 'failed', error: serializeError(thrown) }
  }
}

/** A field of the task; nothing where it holds something else, which is the task's own business. */
function ownField(task: unknown, question: Question): unknown {
  if (typeof task !== 'object' || task === null) return undefined
  const { field, fits } = QUESTIONS[question]
  try {
    const value = (task as Readonly<Record<string, unknown>>)[field]
    return fits(value) ? value : undefined
  } catch {
    return undefined
  }
}

function checked(question: Question, path: string, value: unknown): unknown {
  const { expected, fits } = QUESTIONS[question]
  if (value === undefined || fits(value)) return value
  throw new ShakedownError(
    'E_ROUTE',
    `Expected \`${question}\` of ${path} to give ${expected}, got ${got(value)}.`,
  )
}
