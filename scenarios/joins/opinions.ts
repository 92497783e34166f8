import { all, bestEffort, first, parallel, quorum, select, step } from 'shakedown'

/** What three models say of a topic; each of them quick, as long as nothing happens to it. */
const opinion = (name: string) =>
  step(name, async (topic: string, ctx) => {
    ctx.meter({ tokens: 10 })
    await ctx.sleep(20)
    return { [name]: `${topic} is fine`, by: name }
  })

const models = { tone: opinion('tone'), facts: opinion('facts'), law: opinion('law') }

/** Two of three, within a second; who has not come by then goes to quarantine. */
export const majority = parallel('opinions', models, {
  join: quorum(2, { timeoutMs: 1_000 }),
  missing: 'quarantine',
})

/** All three, within a second. */
export const unanimous = parallel('opinions', models, { join: all({ timeoutMs: 1_000 }) })

/** Whatever has come after a second. */
export const quick = parallel('opinions', models, { join: bestEffort({ timeoutMs: 1_000 }) })

/** Whoever is first. */
export const fastest = parallel('opinions', models, { join: first() })

/** Any two, of which one has to be the lawyer's, which nothing replaces. */
export const legal = parallel('opinions', models, { join: quorum(2), merge: select('law') })

/** All of them in one object. */
export const together = parallel('opinions', models, { merge: 'union' })
