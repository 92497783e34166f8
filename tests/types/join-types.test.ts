import {
  all,
  bestEffort,
  type OutputOf,
  parallel,
  type ParallelOptions,
  quorum,
  select,
  step,
} from 'shakedown'
import { expectTypeOf, test } from 'vitest'

const tone = step('tone', (_: string) => ({ calm: true, by: 'ann' }))
const facts = step('facts', (_: string) => ({ sound: 3, by: 7 }))
const branches = { tone, facts }

test('under `all` every branch is there, under any other policy some may be missing', () => {
  const every = parallel('p', branches, { join: all({ timeoutMs: 5 }) })
  expectTypeOf<OutputOf<typeof every>>().toEqualTypeOf<{
    tone: { calm: boolean; by: string }
    facts: { sound: number; by: number }
  }>()
  const some = parallel('p', branches, { join: quorum(1) })
  expectTypeOf<OutputOf<typeof some>>().toEqualTypeOf<{
    tone?: { calm: boolean; by: string }
    facts?: { sound: number; by: number }
  }>()
})

test('a union has the fields of all branches', () => {
  const every = parallel('p', branches, { merge: 'union' })
  expectTypeOf<OutputOf<typeof every>>().toEqualTypeOf<{
    calm: boolean
    sound: number
    by: string | number
  }>()
  const some = parallel('p', branches, { join: bestEffort({ timeoutMs: 5 }), merge: 'union' })
  expectTypeOf<OutputOf<typeof some>>().toEqualTypeOf<{
    calm?: boolean
    sound?: number
    by?: string | number
  }>()
})

test('a selected branch gives what it gives, and one that there is not does not compile', () => {
  const selected = parallel('p', branches, { join: quorum(1), merge: select('facts') })
  expectTypeOf<OutputOf<typeof selected>>().toEqualTypeOf<{ sound: number; by: number }>()
  const wrong = (): unknown =>
    // @ts-expect-error there is no branch of that name
    parallel('p', branches, { merge: select('style') })
  expectTypeOf(wrong).toBeFunction()
})

test('options that a program has made may say anything of a join', () => {
  const options: ParallelOptions = { merge: select('tone') }
  const node = parallel('p', branches, options)
  type Either = { calm: boolean; by: string } | { sound: number; by: number }
  expectTypeOf<Either>().toExtend<OutputOf<typeof node>>()
})

test('a policy that needs a time limit does not compile without one', () => {
  // @ts-expect-error best effort without end would wait for every branch
  const endless = (): unknown => bestEffort({})
  expectTypeOf(endless).toBeFunction()
})
