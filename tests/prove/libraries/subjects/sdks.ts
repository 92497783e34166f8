import Anthropic from '@anthropic-ai/sdk'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { started } from '../servers.ts'
import { inBothModes, orGaveUp, type SilentSubject, type Surroundings, whileWanted } from '../subject.ts'

const CHAT = 'POST /chat/whole/chat/completions'
const CHAT_STREAM = 'POST /chat/stream/chat/completions'
const MESSAGES = 'POST /messages/whole/v1/messages'
const MESSAGES_STREAM = 'POST /messages/stream/v1/messages'

const prompt = [{ role: 'user' as const, content: 'What does the tide do?' }]
const question = { model: 'a-model', messages: prompt }

/** Clients of language models, whole answers and streams, on a server of the test's own. */
export const sdks: readonly SilentSubject[] = [
  ...sdk('openai', CHAT, ({ ports, ms }, fetch, retries) =>
    openai('whole', fetch, retries, ms).chat.completions.create(question, { signal: ports.signal }),
  ),
  ...sdk('openai, streaming', CHAT_STREAM, async ({ ports, ms }, fetch, retries) => {
    const client = openai('stream', fetch, retries, ms)
    const stream = await client.chat.completions.create(
      { ...question, stream: true },
      { signal: ports.signal },
    )
    let text = ''
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
    return text
  }),
  ...sdk('@anthropic-ai/sdk', MESSAGES, ({ ports, ms }, fetch, retries) =>
    anthropic('whole', fetch, retries, ms).messages.create(
      { ...question, max_tokens: 100 },
      { signal: ports.signal },
    ),
  ),
  ...sdk('@anthropic-ai/sdk, streaming', MESSAGES_STREAM, async ({ ports, ms }, fetch, retries) => {
    const client = anthropic('stream', fetch, retries, ms)
    const stream = client.messages.stream({ ...question, max_tokens: 100 }, { signal: ports.signal })
    return stream.finalText()
  }),
  ...sdk('ai', CHAT, async ({ ports, ms }, fetch, retries) => {
    const { text } = await generateText({
      model: model('whole', fetch),
      prompt: 'What does the tide do?',
      maxRetries: retries,
      // It has no limit of its own.
      abortSignal: AbortSignal.any([ports.signal, AbortSignal.timeout(ms(60_000))]),
    })
    return text
  }),
  ...sdk('ai, streaming', CHAT_STREAM, async ({ ports, ms }, fetch, retries) => {
    const { textStream } = streamText({
      model: model('stream', fetch),
      prompt: 'What does the tide do?',
      maxRetries: retries,
      // It has no limit of its own.
      abortSignal: AbortSignal.any([ports.signal, AbortSignal.timeout(ms(60_000))]),
      onError: () => {},
    })
    let text = ''
    for await (const piece of textStream) text += piece
    return text
  }),
]

type Fetch = typeof globalThis.fetch
type Ask = (surroundings: Surroundings, fetch: Fetch | undefined, retries: number) => Promise<unknown>

/**
 * An SDK on `ports.fetch` and, with a `fetch` of its own, through nock. With virtual timers it retries by itself; in real
 * time its pauses of half a second and more would be the proof's, so its caller retries.
 */
function sdk(name: string, request: string, ask: Ask): SilentSubject[] {
  const subject = { request, abortable: true }
  const run = (surroundings: Surroundings, fetch: Fetch | undefined): Promise<unknown> => {
    const virtual = surroundings.ms(REAL_IF_LESS) === REAL_IF_LESS
    return virtual
      ? orGaveUp(ask(surroundings, fetch, 2))
      : orGaveUp(whileWanted(surroundings, () => ask(surroundings, fetch, 0)))
  }
  return [
    ...inBothModes({ ...subject, name: `${name} on ports.fetch`, boundary: 'fetch' }, (surroundings) =>
      run(surroundings, surroundings.ports.fetch),
    ),
    ...inBothModes({ ...subject, name: `${name} through nock`, boundary: 'nock' }, (surroundings) =>
      run(surroundings, undefined),
    ),
  ]
}

const REAL_IF_LESS = 1_000

function openai(
  route: string,
  fetch: Fetch | undefined,
  maxRetries: number,
  ms: (virtual: number) => number,
): OpenAI {
  return new OpenAI({
    apiKey: 'a key',
    baseURL: `${started().origin}/chat/${route}`,
    maxRetries,
    timeout: ms(5_000),
    ...(fetch === undefined ? {} : { fetch }),
  })
}

function anthropic(
  route: string,
  fetch: Fetch | undefined,
  maxRetries: number,
  ms: (virtual: number) => number,
): Anthropic {
  return new Anthropic({
    apiKey: 'a key',
    baseURL: `${started().origin}/messages/${route}`,
    maxRetries,
    timeout: ms(5_000),
    ...(fetch === undefined ? {} : { fetch }),
  })
}

function model(route: string, fetch: Fetch | undefined): ReturnType<ReturnType<typeof createOpenAI>['chat']> {
  const provider = createOpenAI({
    apiKey: 'a key',
    baseURL: `${started().origin}/chat/${route}`,
    ...(fetch === undefined ? {} : { fetch }),
  })
  return provider.chat('a-model')
}
