import { step } from 'shakedown'

/** One draft of an article from a model. */
export interface Draft {
  readonly text: string
  readonly model: string
}

const backup = step('backup', (brief: { topic: string }): Draft => ({
  text: `${brief.topic}, briefly`,
  model: 'small',
}))

/** The case this project started from: a primary and a fallback, and what is left of both errors. */
export const draftWithBackup = step('draft', (brief: { topic: string }): Draft => ({
  text: `All about ${brief.topic}`,
  model: 'large',
})).fallback(backup)

/** A primary that may take a second, and takes ten milliseconds. */
export const impatientDraft = step(
  'draft',
  async (brief: { topic: string }, ctx): Promise<Draft> => {
    await ctx.sleep(10)
    return { text: `All about ${brief.topic}`, model: 'large' }
  },
  { timeoutMs: 1_000 },
).fallback(backup)

/** A primary that may take a second, takes five whatever its signal says, and sends its bill at the end. */
export const sluggishDraft = step(
  'draft',
  async (brief: { topic: string }, ctx): Promise<Draft> => {
    await new Promise<void>((resolve) => ctx.clock.after(5_000, 'a slow model', resolve))
    ctx.meter({ costUsd: 0.5, tokens: 700 })
    return { text: `All about ${brief.topic}`, model: 'large' }
  },
  { timeoutMs: 1_000 },
).fallback(backup)

/** A primary that writes into what it was given before it fails. */
export const carelessDraft = step('careless', (brief: { topic: string }): Draft => {
  brief.topic = 'something else'
  throw new Error('Original error')
}).fallback(backup)
