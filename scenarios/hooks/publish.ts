import { AbortSignalled, pipeline, step, withHooks } from 'shakedown'

const draft = step('draft', (topic: string) => `a text on ${topic}`, { retries: 1 })
const publish = step('publish', (text: string) => `published: ${text}`)

/** Publishes, unless the gate is closed: `preStep` looks before each step. */
export const gated = withHooks(pipeline('article', draft, publish), {
  preStep: ({ step: name, input }) => {
    if (name === 'publish' && String(input).includes('secret'))
      throw new AbortSignalled(new Error('nothing secret is published'))
  },
})
