import type { Param } from '../grammar/param.ts'
import type { FaultStep } from '../grammar/program.ts'

/** An answer's body and headers as a fault program says them. */
export interface ScriptedAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/** What a fault may say of the body it sends: JSON, or a text of any type, and headers beside or instead of ours. */
export interface AnswerOptions<Json> {
  /** Sent as JSON, `content-type: application/json`. */
  readonly body?: Json | undefined
  /** Sent as it is, `content-type: text/plain` unless `headers` say otherwise. */
  readonly text?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** The parameters of every verb that sends an answer. */
export const answerParams: readonly Param[] = [
  { name: 'body', type: { kind: 'json' }, required: false },
  { name: 'text', type: { kind: 'text' }, required: false },
  { name: 'headers', type: { kind: 'headers' }, required: false },
]

type Given = Pick<FaultStep, 'args' | 'named'>

/** Two bodies are one too many. */
export function answerConflict({ named }: Given): { param: string; expected: string } | undefined {
  return 'body' in named && 'text' in named
    ? { param: 'text', expected: '`body` or `text`, not both' }
    : undefined
}

/** Whether the program says what the body is. */
export function saysBody({ named }: Given): boolean {
  return 'body' in named || 'text' in named
}

/** Reads it from a checked step. @param otherwise the body of an answer that says none, and its type */
export function scriptedAnswer(
  { named }: Given,
  otherwise: { readonly text: string; readonly type: string | undefined },
): ScriptedAnswer {
  const { text, type } =
    'body' in named
      ? { text: JSON.stringify(named['body']), type: 'application/json' }
      : typeof named['text'] === 'string'
        ? { text: named['text'], type: 'text/plain;charset=utf-8' }
        : otherwise
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  for (const [name, value] of Object.entries(named['headers'] ?? {}))
    headers[name.toLowerCase()] = String(value)
  return { bytes: new TextEncoder().encode(text), headers }
}
