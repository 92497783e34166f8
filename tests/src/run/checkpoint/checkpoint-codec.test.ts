import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { CheckpointCodec, decode, encode, keyBytes } from '../../../../src/run/checkpoint/checkpoint-codec.ts'

const KEY = randomBytes(32)
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
  const parts = codec.open('r1\na', codec.seal('r1\na', [encode(value), encode([])]))
  expect(parts.map(decode)).toEqual([value, []])
})

test('with a key nothing of a value can be read in what is stored', () => {
  const data = new CheckpointCodec(KEY).seal('a', [encode('a secret of the editor')])
  expect(Buffer.from(data).toString('latin1')).not.toContain('secret')
  expect(
    Buffer.from(new CheckpointCodec(undefined).seal('a', [encode('secret')])).toString('latin1'),
  ).toContain('secret')
})

test.for([
  ['another key', new CheckpointCodec(randomBytes(32)), 'a', 'got another one'],
  ['no key', new CheckpointCodec(undefined), 'a', 'got none'],
  ['the key, but at another place', new CheckpointCodec(KEY), 'b', 'got another one'],
] as const)('what was sealed with a key is refused to %s', ([, codec, about, words]) => {
  const data = new CheckpointCodec(KEY).seal('a', [encode(1)])
  expect(() => codec.open(about, data)).toThrow(words)
})

test('a byte that was changed is noticed', () => {
  const codec = new CheckpointCodec(KEY)
  const data = codec.seal('a', [encode('text')])
  data[data.length - 1]! ^= 1
  expect(() => codec.open('a', data)).toThrow('checkpointKey')
})

test('checkpoints of another version are refused', () => {
  expect(() => new CheckpointCodec(undefined).open('a', Uint8Array.of(9, 9))).toThrow('of this version')
})

test('a key is 32 bytes, or their hex or base64 text', () => {
  for (const key of [KEY, KEY.toString('hex'), KEY.toString('base64'), KEY.toString('base64url')])
    expect(keyBytes(key)).toEqual(expect.objectContaining({ length: 32 }))
  expect(Buffer.from(keyBytes(KEY.toString('base64url'))!).equals(KEY)).toBe(true)
  for (const key of [KEY.subarray(1), 'secret', KEY.toString('hex').slice(2), '', 7, undefined])
    expect(keyBytes(key)).toBeUndefined()
})
