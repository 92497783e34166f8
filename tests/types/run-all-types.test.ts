import {
  all,
  createEngine,
  type InputOf,
  join,
  type OutputOf,
  pipeline,
  quorum,
  select,
  step,
} from 'shakedown'
import { expectTypeOf, test } from 'vitest'

interface Part {
  readonly order: string
  readonly kind: 'bill' | 'parcel'
}

const options = {
  key: (part: Part) => part.order,
  branch: (part: Part) => part.kind,
  branches: ['bill', 'parcel'],
} as const

test('a join gives what items hold, by branch; under any policy but `all` some may be missing', () => {
  const every = join('meet', { ...options, policy: all() })
  expectTypeOf<InputOf<typeof every>>().toEqualTypeOf<Part>()
  expectTypeOf<OutputOf<typeof every>>().toEqualTypeOf<Record<'bill' | 'parcel', Part>>()
  const some = join('meet', { ...options, policy: quorum(1) })
  expectTypeOf<OutputOf<typeof some>>().toEqualTypeOf<Partial<Record<'bill' | 'parcel', Part>>>()
  const bill = join('meet', { ...options, merge: select('bill') })
  expectTypeOf<OutputOf<typeof bill>>().toEqualTypeOf<Part>()
})

test('types go through a pipeline with a join, to the items of `runAll`', () => {
  const orders = pipeline(
    'orders',
    join('meet', options),
    step('ship', ({ parcel }) => parcel.order.length),
  )
  const run = () =>
    createEngine().runAll(orders, [] as Part[], {
      key: ({ order }) => order,
      onItem: ({ result }) => expectTypeOf(result.output).toEqualTypeOf<number | undefined>(),
    })
  expectTypeOf<Awaited<ReturnType<typeof run>>['items'][number]['result']['output']>().toEqualTypeOf<
    number | undefined
  >()
})

test('a wrong connection does not compile', () => {
  const wrongItems = (): unknown =>
    // @ts-expect-error the source gives numbers, and the pipeline takes parts
    createEngine().runAll(join('meet', options), [1, 2, 3])
  const shout = step('shout', (text: string) => text)
  const wrongNext = (): unknown =>
    // @ts-expect-error what comes of the join is an object of parts, no text
    pipeline('p', join('meet', options), shout)
  const wrongSelection = (): unknown =>
    // @ts-expect-error there is no branch of that name
    join('meet', { ...options, merge: select('note') })
  expectTypeOf([wrongItems, wrongNext, wrongSelection]).toBeArray()
})
