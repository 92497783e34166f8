import type { StoredJson } from '../grammar/json.ts'
import type { FaultStep } from '../grammar/program.ts'
import { DELAY_MS_MAX } from '../grammar/limits.ts'
import { EventScript, type LastEvent } from '../effects/event-script.ts'
import type { Act, Verb } from './verb.ts'

const LAST = ['open', 'end', 'drop', 'error'] as const satisfies readonly LastEvent[]

/** What can come over a connection that pushes, as the builder offers it. */
export interface EventVerbs<Next> {
  /**
   * Opens and pushes these messages, one every `every` virtual milliseconds (default 0), or each after its own of `gaps`. `last`
   * is what follows, after as long: it stays `open` (default), comes to its `end`, the connection is dropped (`drop`, code
   * 1006), or breaks with an `error` (ECONNRESET). `code` is that of the close event.
   */
  push(
    messages: readonly StoredJson[],
    named?: {
      readonly every?: number | undefined
      readonly gaps?: readonly number[] | undefined
      readonly last?: LastEvent | undefined
      readonly code?: number | undefined
    },
  ): Next
}

export const eventVerbs: Readonly<Record<keyof EventVerbs<unknown>, Verb>> = {
  push: {
    name: 'push',
    params: [{ name: 'messages', type: { kind: 'json' }, required: true }],
    options: [
      { name: 'every', type: { kind: 'duration' }, required: false },
      { name: 'gaps', type: { kind: 'json' }, required: false },
      { name: 'last', type: { kind: 'word', words: LAST }, required: false },
      { name: 'code', type: { kind: 'integer', min: 1000, max: 4999 }, required: false },
    ],
    summary: 'opens, pushes these messages in virtual time, and then stays open, ends, drops or breaks',
    example: 'push([1,2], every=10, last=drop) -> push([3], gaps=[500], last=end)',
    ignoresAbort: false,
    conflict: pushConflict,
    bind: bindPush,
  },
}

function pushConflict({
  args,
  named,
}: Pick<FaultStep, 'args' | 'named'>): { param: string; expected: string } | undefined {
  const [messages] = args
  if (!Array.isArray(messages))
    return { param: 'messages', expected: 'a list of messages, such as `[{"id":1}]`' }
  const { gaps } = named
  if (gaps === undefined) return undefined
  if ('every' in named) return { param: 'gaps', expected: '`every` or `gaps`, not both' }
  const isList =
    Array.isArray(gaps) && gaps.every((gap) => typeof gap === 'number' && gap >= 0 && gap <= DELAY_MS_MAX)
  return isList && gaps.length <= messages.length + 1
    ? undefined
    : {
        param: 'gaps',
        expected: 'a list of milliseconds, at most one for each message and one for what comes last',
      }
}

function bindPush(step: FaultStep): Act {
  const { every, gaps, last, code } = step.named
  const messages = step.args[0] as readonly StoredJson[]
  const waits = (gaps ?? []) as readonly number[]
  const script = {
    messages,
    gapsMs: Array.from({ length: messages.length + 1 }, (_, at) => waits[at] ?? Number(every ?? 0)),
    last: LAST.find((word) => word === last) ?? 'open',
    code: typeof code === 'number' ? code : undefined,
  }
  return () => new EventScript(script)
}
