import { expect, test } from 'vitest'
import { createRedactor } from '../../../src/base/redactor.ts'

test('without secrets nothing is looked at', () => {
  const redactor = createRedactor([])
  expect(redactor.active).toBe(false)
  expect(redactor.json('not even JSON')).toBe('not even JSON')
})

test('a secret is replaced wherever it stands in text', () => {
  const { text } = createRedactor(['s3cret'])
  expect(text('s3cret, twice: s3cret; half: s3cre')).toBe('[redacted], twice: [redacted]; half: s3cre')
})

test('characters with a meaning in patterns and replacements are taken literally', () => {
  const { text } = createRedactor(['a.b*c$&[x](y)|z', '$1'])
  expect(text('a.b*c$&[x](y)|z and aXbbc')).toBe('[redacted] and aXbbc')
  expect(text('costs $1')).toBe('costs [redacted]')
})

test('of secrets that contain each other the longer one goes whole', () => {
  const { text } = createRedactor(['pass', 'password-1'])
  expect(text('password-1 and pass')).toBe('[redacted] and [redacted]')
})

test('a secret is found as JSON escapes it, however often it was put into JSON', () => {
  const secret = 'line one\n"quoted" \\ \u0007'
  const { json, text } = createRedactor([secret])
  let value: string = secret
  for (let times = 1; times <= 3; times++) {
    value = JSON.stringify({ body: value })
    const redacted = json(value)
    expect(redacted).not.toContain('quoted')
    expect(redacted).toContain('[redacted]')
    expect(() => JSON.parse(redacted) as unknown).not.toThrow()
    // In a log line, say.
    expect(text(`got ${value}`)).not.toContain('quoted')
  }
})

test('JSON stays JSON when a secret is a number, a key, or a piece of syntax', () => {
  expect(createRedactor(['1234']).json('{"pin":1234,"near":[12345,123]}')).toBe(
    '{"pin":"[redacted]","near":["[redacted]",123]}',
  )
  expect(createRedactor(['key']).json('{"key":1,"other":true}')).toBe('{"[redacted]":1,"other":true}')
  expect(createRedactor(['true']).json('{"a":true}')).toBe('{"a":"[redacted]"}')
  expect(createRedactor(['null']).json('{"a":null}')).toBe('{"a":"[redacted]"}')
  expect(createRedactor(['":"']).json('{"a":"b"}')).toBe('"[redacted]"')
})

test('keys that differ only in secrets do not overwrite each other', () => {
  expect(createRedactor(['s1', 's2']).json('{"s1":1,"s2":2}')).toBe('{"[redacted]":1,"[redacted]\'":2}')
})

test('a secret that is part of the replacement is no endless work', () => {
  const { json, text } = createRedactor(['e', 'redacted'])
  expect(text('tide')).toBe('tid[redacted]')
  expect(json('"tide redacted"')).toBe('"tid[redacted] [redacted]"')
})

test('text without a secret is the same text', () => {
  const { json } = createRedactor(['s3cret'])
  const text = '{ "spaces":  "stay" }'
  expect(json(text)).toBe(text)
})
