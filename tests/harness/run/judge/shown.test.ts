import { expect, test } from 'vitest'
import { hideInShown, shown } from '../../../../harness/run/judge/shown.ts'

test('a value of 200 letters is shown whole, a longer one by its first 200', () => {
  const whole = `"${'x'.repeat(198)}"`
  expect(shown('x'.repeat(198))).toBe(whole)
  expect(shown('x'.repeat(199))).toBe(`${whole.slice(0, -1)}x…`)
})

test('what takes several lines is shown on one', () => {
  const error = Object.assign(new Error('no'), { stack: 'Error: no\n    at send (send.ts:7:1)' })
  expect(shown(new Map([['error', error]]))).toBe("Map(1) { 'error' => Error: no at send (send.ts:7:1) }")
})

test('code of the value does not run, and what cannot be looked at is said to be so', () => {
  const loud = { [Symbol.for('nodejs.util.inspect.custom')]: () => 'tricked', n: 1n }
  expect(shown(loud)).toContain('n: 1n')
  expect(shown(loud)).not.toContain("'tricked'")
  const nasty = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('no')
    },
    getPrototypeOf: () => {
      throw new Error('no')
    },
  })
  expect(typeof shown(nasty)).toBe('string')
})

test('a secret is hidden before the text is cut: half of one has no shape to know it by', () => {
  const token = ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_')
  const text = `${'x'.repeat(180)} ${token}`
  for (const value of [text, { text }, new Map([['text', text]]), [1n, text]])
    expect(shown(value)).not.toContain('ghp_abc')
})

test('so is a secret that only the configuration knows', () => {
  const secret = `begin-${'q'.repeat(40)}-end`
  const cut = `${'x'.repeat(180)} ${secret}`
  hideInShown([secret])
  try {
    for (const value of [cut, { cut }, new Map([['cut', cut]]), [1n, cut]])
      expect(shown(value)).not.toContain('begin')
    hideInShown([])
    expect(shown(cut)).toContain('begin')
  } finally {
    hideInShown([])
  }
})
