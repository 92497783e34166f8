import { choose, conversation, loop, parallel, pipeline, step } from 'shakedown'

/** A text on its way to being good enough. */
interface Text {
  readonly words: number
}

const edit = step('edit', ({ words }: Text, { context }): Text => {
  context.append('drafts', words)
  return { words: words + 10 }
})
const check = step('check', (text: Text) => text)

/** Edits a text until it is long enough, at most four times. */
export const polish = loop('polish', pipeline('round', edit, check), {
  until: ({ words }) => words >= 30,
  maxIterations: 4,
})

/** The same; another editor takes the original text when the first one gives up. */
export const polishOrShip = polish.fallback(step('ship', ({ words }: Text): Text => ({ words })))

const shorten = step('shorten', ({ words }: Text): Text => ({ words: words - 10 })).fallback(
  step('cut', ({ words }: Text): Text => ({ words: Math.min(words, 20) })),
)

/** A fallback inside a loop inside a fallback: what fails in one round is made up for in that round alone. */
export const trim = loop('trim', shorten, { until: ({ words }) => words <= 20, maxIterations: 3 }).fallback(
  step('reject', ({ words }: Text): Text => ({ words })),
)

/** Short texts are edited, others are shortened. */
export const route = choose('route', ({ words }: Text) => (words < 30 ? 'lengthen' : 'shorten'), {
  lengthen: edit,
  shorten,
})

const critic = (name: string, ms: number) =>
  step(name, async (topic: string, ctx) => {
    await ctx.sleep(ms)
    return `${name} on ${topic}`
  })

/** Two critics speak about a topic, one of them slowly; then an editor has the last word. */
export const review = conversation(
  'review',
  pipeline(
    'round',
    parallel('critics', { slow: critic('slow', 50), quick: critic('quick', 5) }),
    step('editor', () => 'done'),
  ),
  { speakers: 'all', maxIterations: 3 },
)

/** The review, and what was said in it. */
export const minutes = pipeline(
  'minutes',
  review,
  step('turns', (_: unknown, { context }) => context.get('review')),
)
