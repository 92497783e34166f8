import { isListOfTexts } from '../../adapters/registry-options.ts'
import { got } from '../../base/got.ts'
import { isolate } from '../../context/isolate.ts'
import type { RoutePolicy } from '../../nodes/route.ts'
import { askFor, impossible, type Undecided } from '../ask.ts'
import type { Scope } from '../scope.ts'

/** What a task asks of its adapter. */
export interface Wishes {
  readonly explicit: readonly string[] | undefined
  readonly type: string | undefined
  readonly requires: readonly string[]
}

type Asked = { readonly kind: 'wishes'; readonly wishes: Wishes } | Undecided

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
  const answers: Partial<Record<Question, unknown>> = {}
  for (const question of Object.keys(QUESTIONS) as Question[]) {
    const written = policy[question]
    if (typeof written !== 'function') {
      answers[question] = written ?? ownField(task, question)
      continue
    }
    const who = `\`${question}\` of route '${path}'`
    const ask = (): unknown => written(isolate(task) as never)
    const answer = await askFor(scope, path, { who, what: question, ask })
    if (answer.kind !== 'decided') return answer
    const { value } = answer
    const { expected, fits } = QUESTIONS[question]
    if (value !== undefined && !fits(value))
      return impossible(`Expected ${who} to give ${expected}, got ${got(value)}.`)
    answers[question] = value
  }
  const { type, requires = [], order } = answers as { type?: string; requires?: string[]; order?: string[] }
  return { kind: 'wishes', wishes: { type, requires, explicit: order } }
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
