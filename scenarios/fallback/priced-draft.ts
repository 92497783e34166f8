import { step, type StepContext } from 'shakedown'

/** What both model providers answer, with status 200 or with an error. */
interface Reply {
  readonly text?: string
  readonly error?: string
  readonly usage: { readonly costUsd: number; readonly tokens: number }
}

/** Asks a provider; what the call cost counts whether or not it gave us a text. */
async function ask(url: string, topic: string, ctx: StepContext): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ topic }), signal: ctx.signal })
  const reply = (await response.json()) as Reply
  ctx.meter(reply.usage)
  if (reply.text === undefined) throw new Error(reply.error)
  return reply.text
}

/** Two paid providers, the second as the way out. No server listens at these addresses: every answer is scripted. */
export const pricedDraft = step('draft', (brief: { topic: string }, ctx) =>
  ask('http://large.example/draft', brief.topic, ctx),
).fallback(step('backup', (brief, ctx) => ask('http://small.example/draft', brief.topic, ctx)))
