import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { CheckpointCodec, decode, encode, keyBytes } from '../../../../src/run/checkpoint/checkpoint-codec.ts'

const KEY = randomBytes(32)
const PLACE = 'leaf\nt1\n1\np/draft'
const WHOSE = { runId: 'r1', key: PLACE }
const value = {
  map: new Map([['a', undefined]]),
  when: new Date(5),
  bytes: Buffer.from('ab'),
  big: 2n ** 70n,
}

test.for([
  ['without a key', undefined],
  ['with a key', KEY],
] as const)('what is sealed %s comes back as it was', ([, key]) => {
  const codec = new CheckpointCodec(key)
  const parts = codec.open(WHOSE, codec.seal(WHOSE, [encode(value), encode([])]))
  expect(parts.map(decode)).toEqual([value, []])
})

test('with a key nothing of a value can be read in what is stored', () => {
  const data = new CheckpointCodec(KEY).seal(WHOSE, [encode('a secret of the editor')])
  expect(Buffer.from(data).toString('latin1')).not.toContain('secret')
  expect(
    Buffer.from(new CheckpointCodec(undefined).seal(WHOSE, [encode('secret')])).toString('latin1'),
  ).toContain('secret')
})

test.for([
  ['another key', new CheckpointCodec(randomBytes(32)), PLACE, 'got another one'],
  ['no key', new CheckpointCodec(undefined), PLACE, 'got none'],
  ['the key, but at another place', new CheckpointCodec(KEY), 'b', 'the bytes that were written, got others'],
] as const)('what was sealed with a key is refused to %s', ([, codec, key, words]) => {
  const data = new CheckpointCodec(KEY).seal(WHOSE, [encode(1)])
  expect(() => codec.open({ runId: 'r1', key }, data)).toThrow(words)
})

test.for([
  ['without a key', undefined],
  ['with a key', KEY],
] as const)(
  '%s, damage of any kind is said to be that, with the run, the place and what to do',
  ([, key]) => {
    const codec = new CheckpointCodec(key)
    const data = codec.seal(WHOSE, [encode('text'), encode([])])
    const flipped = (at: number) => data.map((byte, index) => (index === at ? byte ^ 64 : byte))
    const cut = Array.from(data.keys(), (length) => data.subarray(0, length))
    const flips = [...data.keys()].slice(1).map(flipped)
    for (const wrong of [...cut, ...flips]) {
      const error = refusal(() => codec.open(WHOSE, wrong))
      expect(error).toMatchObject({
        name: 'UnreadableCheckpointError',
        code: 'E_CHECKPOINT_DAMAGED',
        runId: 'r1',
        at: "'p/draft'",
        message: expect.stringContaining("the checkpoint of 'p/draft' of run 'r1'"),
        hint: expect.stringContaining('from a copy'),
      })
    }
    expect(codec.open(WHOSE, data).map(decode)).toEqual(['text', []])
  },
)

function refusal(open: () => unknown): unknown {
  try {
    return open()
  } catch (thrown) {
    return thrown
  }
}

test('with a key, what is not encrypted is refused: anybody could have written it', () => {
  const data = new CheckpointCodec(undefined).seal(WHOSE, [encode('forged')])
  expect(refusal(() => new CheckpointCodec(KEY).open(WHOSE, data))).toMatchObject({
    code: 'E_CHECKPOINT_KEY',
    message: expect.stringContaining('got something that is not encrypted'),
  })
})

test('what another version wrote is refused: of shakedown, and of Node', () => {
  const codec = new CheckpointCodec(undefined)
  const later = Buffer.from(encode('text'))
  later[1]! += 1
  for (const data of [Uint8Array.of(9, 9, 9, 9, 9), codec.seal(WHOSE, [later])])
    expect(refusal(() => codec.open(WHOSE, data))).toMatchObject({ code: 'E_CHECKPOINT_VERSION' })
})

test('bytes come back in memory of their own, without what else was kept or is in memory', () => {
  const wide = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
  const views = [new Float32Array([1.5]), new DataView(new ArrayBuffer(8), 2, 3), Buffer.from('ab'), wide]
  const back = decode(encode(views)) as typeof views
  expect(back).toEqual(views)
  for (const { buffer, byteOffset, byteLength } of back) {
    expect(byteOffset).toBe(0)
    expect(buffer.byteLength).toBe(byteLength)
  }
})

test('a key is 32 bytes, or their hex or base64 text', () => {
  for (const key of [KEY, KEY.toString('hex'), KEY.toString('base64'), KEY.toString('base64url')])
    expect(keyBytes(key)).toEqual(expect.objectContaining({ length: 32 }))
  expect(Buffer.from(keyBytes(KEY.toString('base64url'))!).equals(KEY)).toBe(true)
  for (const key of [KEY.subarray(1), 'secret', KEY.toString('hex').slice(2), '', 7, undefined])
    expect(keyBytes(key)).toBeUndefined()
})
