import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunContext } from '../../../src/context/run-context.ts'
import {
  type BranchChanges,
  type ContextMerge,
  mergeContext,
  MergeConflictError,
  type OnConflict,
} from '../../../src/join/merge-context.ts'
import { casesOf } from '../../support/nightly.ts'

/** What a branch does to its context, one commit after the other. */
type Op =
  | { readonly op: 'set'; readonly key: string; readonly value: unknown }
  | { readonly op: 'delete'; readonly key: string }
  | { readonly op: 'append'; readonly key: string; readonly value: number }

type Program = readonly Op[]

// Few keys and values, so that branches meet. `list…` holds lists alone, so that appends are always possible.
const plainKey = fc.constantFrom('a', 'b', 'c')
const listKey = fc.constantFrom('listed', 'list of none')
const value = fc.constantFrom<unknown>(0, 1, { x: [1] }, { x: [2] }, undefined, null)
const setOp = fc.record({ op: fc.constant('set' as const), key: plainKey, value })
const deleteOp = fc.record({ op: fc.constant('delete' as const), key: plainKey })
const appendOp = fc.record({ op: fc.constant('append' as const), key: listKey, value: fc.nat(9) })
const setListOp = fc.record({
  op: fc.constant('set' as const),
  key: listKey,
  value: fc.array(fc.nat(3), { maxLength: 2 }),
})
const plainProgram = fc.array(fc.oneof(setOp, deleteOp), { maxLength: 4 })
const anyProgram = fc.array(fc.oneof(setOp, deleteOp, appendOp, setListOp), { maxLength: 5 })
const programs = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: 1, maxLength: 4 })
const base = fc.record(
  { a: value, listed: fc.array(fc.nat(9), { maxLength: 3 }) },
  { requiredKeys: ['listed'] },
)

function play(context: RunContext, program: Program): void {
  for (const each of program) {
    const view = context.view()
    if (each.op === 'set') view.set(each.key, each.value)
    else if (each.op === 'delete') view.delete(each.key)
    else view.append(each.key, each.value)
    view.commit()
  }
}

/** Every program in a fork of its own. */
function forked(context: RunContext, all: readonly Program[]): BranchChanges[] {
  return all.map((program, at) => {
    const fork = context.fork()
    play(fork, program)
    return { branch: `b${at}`, changes: fork.changes() }
  })
}

async function merged(
  start: Readonly<Record<string, unknown>>,
  all: readonly Program[],
  merge: ContextMerge,
  ask?: OnConflict,
): Promise<unknown> {
  const context = new RunContext(start)
  const branches = forked(context, all)
  context.commit(await mergeContext(context.now, branches, merge, ask))
  return context.snapshot()
}

function inTurn(start: Readonly<Record<string, unknown>>, all: readonly Program[]): unknown {
  const context = new RunContext(start)
  for (const { changes } of forked(context, all)) context.commit(changes)
  return context.snapshot()
}

const check = <T extends [unknown, ...unknown[]]>(property: fc.IAsyncProperty<T>): Promise<void> =>
  fc.assert(property, { numRuns: casesOf(500, 100_000) })

describe('laws', () => {
  test('merging one branch is its commit, whatever the strategy', () =>
    check(
      fc.asyncProperty(
        base,
        anyProgram,
        fc.constantFrom('error-on-conflict', 'overwrite', 'keep-first'),
        async (start, program, merge) => {
          const context = new RunContext(start)
          play(context, program)
          expect(await merged(start, [program], merge)).toEqual(context.snapshot())
        },
      ),
    ))

  test('`none` changes nothing', () =>
    check(
      fc.asyncProperty(base, programs(anyProgram), async (start, all) => {
        expect(await merged(start, all, 'none')).toEqual(new RunContext(start).snapshot())
      }),
    ))

  test('`overwrite` is every branch’s commit in declared order, where branches set and delete', () =>
    check(
      fc.asyncProperty(base, programs(plainProgram), async (start, all) => {
        expect(await merged(start, all, 'overwrite')).toEqual(inTurn(start, all))
      }),
    ))

  test('`keep-first` is the same in the opposite order', () =>
    check(
      fc.asyncProperty(base, programs(plainProgram), async (start, all) => {
        expect(await merged(start, all, 'keep-first')).toEqual(inTurn(start, all.toReversed()))
      }),
    ))

  test('a conflict is a key that two branches changed and do not agree on; else every strategy gives the same', () =>
    check(
      fc.asyncProperty(base, programs(plainProgram), async (start, all) => {
        const ends = all.map((program) => {
          const fork = new RunContext(start).fork()
          play(fork, program)
          return { values: fork.snapshot(), changed: new Set(fork.changes().keys()) }
        })
        const conflicting = ['a', 'b', 'c'].filter((key) => {
          const held = ends
            .filter(
              ({ changed, values }) =>
                changed.has(key) && (Object.hasOwn(values, key) || Object.hasOwn(start, key)),
            )
            .map(({ values }) =>
              [Object.hasOwn(values, key), JSON.stringify([values[key] === undefined, values[key]])].join(),
            )
          return new Set(held).size > 1
        })
        const strict = await merged(start, all, 'error-on-conflict').catch((thrown: unknown) => thrown)
        expect(strict instanceof MergeConflictError).toBe(conflicting.length > 0)
        if (conflicting.length > 0) return
        expect(strict).toEqual(await merged(start, all, 'overwrite'))
        expect(strict).toEqual(await merged(start, all, 'keep-first'))
      }),
    ))

  test('appends to one list come one after the other in declared order, whatever the strategy', () =>
    check(
      fc.asyncProperty(
        base,
        programs(fc.array(appendOp, { maxLength: 4 })),
        fc.constantFrom('error-on-conflict', 'overwrite', 'keep-first'),
        async (start, all, merge) => {
          const context = new RunContext(start)
          for (const program of all) play(context, program)
          expect(await merged(start, all, merge)).toEqual(context.snapshot())
        },
      ),
    ))

  test('`onConflict` is asked for exactly the keys in conflict, and what it says is what they hold', () =>
    check(
      fc.asyncProperty(base, programs(anyProgram), async (start, all) => {
        const asked: string[] = []
        const decided = await merged(start, all, 'error-on-conflict', (key) => {
          asked.push(key)
          return `decided ${key}`
        })
        for (const key of asked) expect(decided).toHaveProperty([key], `decided ${key}`)
        const strict = await merged(start, all, 'error-on-conflict').catch((thrown: unknown) => thrown)
        expect(strict instanceof MergeConflictError ? 'conflict' : strict).toEqual(
          asked.length > 0 ? 'conflict' : decided,
        )
        expect(new Set(asked).size).toBe(asked.length)
      }),
    ))

  test('what is merged belongs to the context alone: writing to what a branch was given changes nothing', async () => {
    const context = new RunContext({ kept: { x: 1 } })
    const fork = context.fork()
    const view = fork.view()
    const mine = { deep: [1] }
    view.set('new', mine)
    view.commit()
    context.commit(await mergeContext(context.now, [{ branch: 'a', changes: fork.changes() }], 'overwrite'))
    mine.deep.push(2)
    ;(fork.view().get('new') as { deep: number[] }).deep.push(3)
    expect(context.snapshot()).toEqual({ kept: { x: 1 }, new: { deep: [1] } })
  })
})

describe('conflicts, case by case', () => {
  const start = { k: 1, list: [0] }
  const set = (key: string, to: unknown): Op => ({ op: 'set', key, value: to })
  const remove = (key: string): Op => ({ op: 'delete', key })
  const append = (key: string, to: number): Op => ({ op: 'append', key, value: to })
  const strictly = (...all: Program[]): Promise<unknown> => merged(start, all, 'error-on-conflict')

  test.for<[what: string, all: Program[], context: unknown]>([
    ['one branch writes, one does not', [[set('k', 2)], []], { k: 2, list: [0] }],
    [
      'both write an equal object',
      [[set('k', { a: 1, b: 2 })], [set('k', { b: 2, a: 1 })]],
      { k: { a: 1, b: 2 }, list: [0] },
    ],
    ['both delete', [[remove('k')], [remove('k')]], { list: [0] }],
    [
      'one wrote a new key and took it back',
      [[set('new', 1), remove('new')], [set('new', 2)]],
      { k: 1, list: [0], new: 2 },
    ],
    ['both append', [[append('list', 1)], [append('list', 2)]], { k: 1, list: [0, 1, 2] }],
    ['both start a list', [[append('new', 1)], [append('new', 2)]], { k: 1, list: [0], new: [1, 2] }],
    ['one appends what the other sets', [[append('list', 1)], [set('list', [0, 1])]], { k: 1, list: [0, 1] }],
    ['both write NaN', [[set('k', Number.NaN)], [set('k', Number.NaN)]], { k: Number.NaN, list: [0] }],
    ['both write one instance', [[set('k', console)], [set('k', console)]], { k: console, list: [0] }],
  ])('none: %s', async ([, all, context]) => {
    expect(await strictly(...all)).toEqual(context)
  })

  test.for<[what: string, key: string, all: Program[]]>([
    ['two values', 'k', [[set('k', 2)], [set('k', 3)]]],
    ['one of them is what was there before', 'k', [[set('k', 1)], [set('k', 3)]]],
    ['one deletes, one sets', 'k', [[remove('k')], [set('k', 3)]]],
    ['one deletes, one sets undefined', 'k', [[remove('k')], [set('k', undefined)]]],
    ['one appends, one sets', 'list', [[append('list', 1)], [set('list', [0, 2])]]],
    ['one appends, one deletes', 'list', [[append('list', 1)], [remove('list')]]],
    ['0 and -0', 'k', [[set('k', 0)], [set('k', -0)]]],
  ])('one: %s', async ([, key, all]) => {
    await expect(strictly(...all)).rejects.toThrow(
      `Merge conflict for key '${key}': branches 'b0' and 'b1' wrote different values`,
    )
  })

  test('an instance that cannot be compared is a conflict, not an exception', async () => {
    const hostile = (): object =>
      new Proxy(new URL('http://example.com'), {
        ownKeys: () => {
          throw new Error('not to be looked at')
        },
      })
    await expect(strictly([set('k', hostile())], [set('k', hostile())])).rejects.toThrow("key 'k'")
  })

  test('the error names the branches, up to five of them, and counts further keys', async () => {
    const all = Array.from({ length: 7 }, (_, at) => [set('k', at), set('other', at), set('third', at)])
    await expect(strictly(...all)).rejects.toMatchObject({
      code: 'E_MERGE_CONFLICT',
      message:
        "Merge conflict for key 'k': branches 'b0', 'b1', 'b2', 'b3', 'b4' and 2 more wrote different values, and to 2 more keys",
    })
    await expect(strictly([set('k', 1)], [], [set('k', 2)], [set('k', 3)])).rejects.toThrow(
      "key 'k': branches 'b0', 'b2' and 'b3' wrote different values",
    )
  })

  test('the winner of a key in conflict has it as it left it, appends included', async () => {
    const all = [[append('list', 1)], [set('list', [7])], [append('list', 2)]]
    expect(await merged(start, all, 'overwrite')).toEqual({ k: 1, list: [0, 2] })
    expect(await merged(start, all, 'keep-first')).toEqual({ k: 1, list: [0, 1] })
    expect(await merged(start, [[set('list', [7])], [remove('list')]], 'overwrite')).toEqual({ k: 1 })
  })

  test('`onConflict` is given copies of what was there and of what each branch made of it', async () => {
    const calls: unknown[] = []
    const all = [[append('list', 1)], [set('list', [7])], [remove('list')], []]
    const context = await merged(start, all, 'error-on-conflict', (key, before, values) => {
      calls.push(structuredClone([key, before, values]))
      ;(before as number[]).push(99)
      const { b0 } = values as { b0: number[] }
      b0.push(100)
      return b0
    })
    expect(calls).toEqual([['list', [0], { b0: [0, 1], b1: [7], b2: undefined }]])
    expect(context).toEqual({ k: 1, list: [0, 1, 100] })
  })

  test('`onConflict` may answer later; `undefined` removes the key', async () => {
    const all = [[set('k', 2)], [set('k', 3)]]
    expect(await merged(start, all, 'error-on-conflict', async () => 5)).toEqual({ k: 5, list: [0] })
    expect(await merged(start, all, 'error-on-conflict', () => undefined)).toEqual({ list: [0] })
  })

  test('an answer that cannot be copied is refused by the key', async () => {
    const all = [[set('k', 2)], [set('k', 3)]]
    const answer = (): unknown => ({
      get price() {
        throw new Error('no price')
      },
    })
    await expect(merged(start, all, 'error-on-conflict', answer)).rejects.toThrow(
      "Context key 'k' as `onConflict` gave it: ",
    )
  })
})
