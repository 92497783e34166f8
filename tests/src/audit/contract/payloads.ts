import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { attempt, late, outcome, runStarted, step, token } from '../sample-records.ts'
import { type Open, record, trailOf } from './store.ts'

export function payloads(open: Open): void {
  test('later changes of a value do not reach what was recorded', async () => {
    const store = open()
    const input = { list: [1] }
    const metadata = { note: 'before' }
    const detail = { deep: { note: 'before' } }
    store.append(runStarted('r1', { input }))
    store.append(token('r1'))
    store.append(attempt('r1', { input, output: input }))
    store.append(step('r1', { metadata }))
    store.append(late('r1', { detail }))
    input.list.push(2)
    metadata.note = 'after'
    detail.deep.note = 'after'
    await store.committed()
    const trail = store.trail('r1')!
    expect([trail.input, trail.attemptRows[0]?.input, trail.attemptRows[0]?.output]).toEqual(
      Array.from({ length: 3 }, () => ({ json: '{"list":[1]}', truncated: false })),
    )
    expect(trail.stepRows[0]?.metadata).toEqual({ note: 'before' })
    expect(trail.eventRows[0]?.detail).toEqual({ deep: { note: 'before' } })
  })

  test('`undefined` is stored as nothing, `null` as null', async () => {
    const trail = await trailOf(open(), [
      runStarted('r1', { input: undefined }),
      token('r1'),
      attempt('r1', { input: null, output: undefined }),
    ])
    expect(trail.input).toBeNull()
    expect(trail.attemptRows[0]).toMatchObject({ input: { json: 'null', truncated: false }, output: null })
  })

  test('a payload over the limit is cut, with the length and hash of the whole; one at the limit is not', async () => {
    const store = open({ payloadBytesMax: 64 })
    const fits = 'x'.repeat(62)
    const tooLong = 'x'.repeat(63)
    await record(store, [runStarted('r1', { input: fits }), token('r1'), attempt('r1', { input: tooLong })])
    const trail = store.trail('r1')!
    expect(trail.input).toEqual({ json: `"${fits}"`, truncated: false })
    expect(trail.attemptRows[0]?.input).toEqual({
      json: `"${tooLong}`,
      truncated: true,
      fullLength: 65,
      sha256: createHash('sha256').update(`"${tooLong}"`).digest('hex'),
    })
  })

  test('the limit counts bytes of UTF-8 and never cuts a character in two', async () => {
    const store = open({ payloadBytesMax: 10 })
    await record(store, [
      runStarted('r1', { input: 'äöü€' }),
      token('r1'),
      attempt('r1', { input: '🌊🌊🌊' }),
    ])
    const trail = store.trail('r1')!
    // 2 quotes, 3 × 2 bytes, 1 × 3 bytes: one byte too many.
    expect(trail.input).toMatchObject({ json: '"äöü€', truncated: true, fullLength: 6 })
    expect(trail.attemptRows[0]?.input).toMatchObject({ json: '"🌊🌊', truncated: true, fullLength: 8 })
  })

  test('text and metadata over the limit are cut too, and say so', async () => {
    const long = 'word '.repeat(40)
    const trail = await trailOf(open({ payloadBytesMax: 64 }), [
      runStarted('r1'),
      token('r1'),
      step('r1', { feedback: long, metadata: { long } }),
      outcome('r1', { outcome: 'failed', reason: long }),
    ])
    const cut = /^(word ){12}word… \[truncated: 200 characters, SHA-256 [0-9a-f]{64}\]$/
    expect(trail.stepRows[0]?.feedback).toMatch(cut)
    expect(trail.outcomeRows[0]?.reason).toMatch(cut)
    const json = JSON.stringify({ long })
    expect(trail.stepRows[0]?.metadata).toEqual({
      '[truncated]': {
        json: json.slice(0, 64),
        truncated: true,
        fullLength: json.length,
        sha256: createHash('sha256').update(json).digest('hex'),
      },
    })
  })

  test('text that is not well-formed, or holds zero characters, survives', async () => {
    const trail = await trailOf(open(), [
      runStarted('r1', { input: 'a\u0000b\ud800' }),
      token('r1'),
      step('r1', { feedback: 'a\u0000b\ud800c' }),
    ])
    expect(trail.input).toEqual({ json: '"a\\u0000b\\ud800"', truncated: false })
    expect(trail.stepRows[0]?.feedback).toBe('a\u0000b\ufffdc')
  })

  test('a payload that looks like a cut one is not taken for one', async () => {
    const input = `x… [truncated: 9 characters, SHA-256 ${'0'.repeat(64)}]`
    const trail = await trailOf(open(), [runStarted('r1', { input })])
    expect(trail.input).toEqual({ json: JSON.stringify(input), truncated: false })
  })

  test('no value can make `append` throw', async () => {
    const store = open()
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
      },
    )
    await record(store, [
      runStarted('r1', { input: hostile }),
      token('r1'),
      step('r1', { metadata: { hostile } }),
    ])
    expect(store.trail('r1')?.input).toEqual({ json: '"[unreadable: no]"', truncated: false })
    expect(store.trail('r1')?.stepRows[0]?.metadata).toEqual({ hostile: '[unreadable: no]' })
  })

  test('a stack is formatted when it is stored or read, never by `append`', async () => {
    const store = open()
    let formatted = 0
    const error = {
      name: 'Error',
      message: 'boom',
      get stack() {
        formatted++
        return 'Error: boom'
      },
    }
    for (const each of [runStarted('r1'), token('r1'), attempt('r1', { status: 'failed', error })])
      store.append(each)
    expect(formatted).toBe(0)
    await store.committed()
    expect(store.trail('r1')?.attemptRows[0]?.error?.json).toBe(
      '{"name":"Error","message":"boom","stack":"Error: boom"}',
    )
  })

  test('an error whose parts are cyclic or cannot be read is stored as far as it can be', async () => {
    const cyclic: { name: string; message: string; cause?: object } = { name: 'Error', message: 'round' }
    cyclic.cause = cyclic
    const broken = {
      name: 'Error',
      message: 'broken',
      get stack(): string {
        throw new Error('no stack')
      },
    }
    const failed = { status: 'failed', output: undefined } as const
    const trail = await trailOf(open(), [
      runStarted('r1'),
      token('r1'),
      attempt('r1', { ...failed, error: cyclic as never }),
      attempt('r1', { ...failed, attempt: 2, error: broken }),
    ])
    expect(trail.attemptRows[0]?.error?.json).toMatch(
      /^\{"name":"Error","message":"round","cause":.*left out/,
    )
    expect(trail.attemptRows[1]?.error?.json).toBe(
      '{"name":"Unreadable","message":"The error could not be read."}',
    )
  })
}
