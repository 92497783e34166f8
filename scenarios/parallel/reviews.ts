import { parallel, pipeline, step } from 'shakedown'

/** A text that several reviewers read at once. */
interface Draft {
  readonly text: string
}

const tone = step('tone', async (draft: Draft, ctx) => {
  ctx.meter({ tokens: 10 })
  await ctx.sleep(40)
  return draft.text.endsWith('!') ? 'loud' : 'calm'
})

const facts = step('facts', async (draft: Draft, ctx) => {
  ctx.meter({ tokens: 30 })
  await ctx.sleep(100)
  return draft.text.includes('moon') ? 'sound' : 'doubtful'
})

const length = step('length', (draft: Draft) => draft.text.length)

/** One failed review is enough: the others are cancelled. */
export const strict = parallel('reviews', { tone, facts, length })

/** All reviews are wanted, also those of a draft that one has failed. */
export const thorough = parallel('reviews', { tone, facts, length }, { onBranchFailure: 'collect' })

/** Any review will do. */
export const lenient = parallel('reviews', { tone, facts, length }, { onBranchFailure: 'ignore' })

/** One review at a time. */
export const frugal = parallel('reviews', { tone, facts, length }, { concurrency: 1 })

/** Does not listen to its signal. */
const deaf = step(
  'deaf',
  (_: Draft, ctx) =>
    new Promise<string>((resolve) => ctx.clock.after(5_000, 'a deaf model', () => resolve('late'))),
)

/** A review that cannot be stopped, and who waits for it a second. */
export const impatient = parallel('reviews', { tone, deaf }, { settleMs: 1_000 })

/** Writes into what it was given. */
const careless = step('careless', (draft: { text: string }) => {
  draft.text = draft.text.toUpperCase()
  return draft.text
})

const faithful = step('faithful', async (draft: Draft, ctx) => {
  await ctx.sleep(10)
  return draft.text
})

/** Each branch has its own copy of the input. */
export const broadcast = parallel('copies', { careless, faithful })

const note = (name: string, ms: number) =>
  step(name, async (draft: Draft, ctx) => {
    await ctx.sleep(ms)
    ctx.context.append('log', name)
    ctx.context.set('last', name)
    return draft.text.length
  })

const branches = { slow: note('slow', 20), fast: note('fast', 5) }

/** Both write `last`. */
export const conflicting = parallel('notes', branches)

/** The last declared one wins, whichever is done last. */
export const overwriting = parallel('notes', branches, { context: 'overwrite' })

/** Somebody decides. */
export const deciding = parallel('notes', branches, {
  onConflict: (_key, _base, values) => Object.keys(values).toSorted().join(' and '),
})

/** Branches see the log alone. */
export const included = pipeline(
  'included',
  parallel('looks', { look: step('look', (_: Draft, ctx) => ctx.context.keys()) }, { include: ['log'] }),
  step('keys', ({ look }) => look),
)
