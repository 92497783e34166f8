import type { ScenarioBuilder } from 'shakedown/harness'
import type { RunReport } from 'shakedown/report'
import { functionAdapter, parallel, pipeline, route, step, type Engine, type RunTrail } from 'shakedown'

// What examples take for granted: a reader's own code, and things other examples made.

interface Reply {
  readonly text: string
  readonly cost: number
  readonly tokens: number
}

export declare const gpt: (topic: string, options?: unknown) => Promise<Reply>
export declare const gemini: (topic: string) => Promise<Reply>
export declare const apiKey: string
export declare const signal: AbortSignal
export { z } from 'zod'
export { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
export declare const thrown: unknown
export declare const engine: Engine
export declare const flaky: ScenarioBuilder<Order>
export declare const trail: RunTrail
export declare const report: RunReport

export interface Order {
  readonly id: number
}
export declare const order: Order
export declare const database: { readonly save: (order: Order) => Promise<void> }
export declare const sendOrder: (order: Order) => Promise<string>

export const draft = step('draft', async (topic: string) => (await gpt(topic)).text)
export const backup = step('backup', async (topic: string) => (await gemini(topic)).text)
export const tone = step('tone', (text: string) => text.length)
export const facts = step('facts', (text: string) => text.includes('moon'))
export const reviews = parallel('reviews', { tone, facts })
export const article = pipeline('article', draft.fallback(backup))

const system = (name: string) => functionAdapter(name, async (task: { prompt: string }) => task.prompt)
export const local = system('local')
export const prefect = system('prefect')
export const agno = system('agno')
export const ask = route('ask', { adapters: [prefect, agno] })
