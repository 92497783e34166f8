import { expect, test } from 'vitest'
import { createRedactor } from '../../../../src/base/redact/redactor.ts'

test('without secrets in it a text needs no second look', () => {
  const redactor = createRedactor(['s3cret'])
  expect(redactor.suspects('{"topic":"tides","tokens":5}')).toBe(false)
  expect(redactor.suspects('{"topic":"s3cret"}')).toBe(true)
  expect(redactor.json('not even JSON')).toBe('not even JSON')
})

test('a secret is replaced wherever it is in a text', () => {
  const { text } = createRedactor(['s3cret'])
  expect(text('s3cret, twice: s3cret; half: s3cre')).toBe('[redacted], twice: [redacted]; half: s3cre')
})

test('characters with a meaning in patterns and replacements are taken literally', () => {
  const { text } = createRedactor(['a.b*c$&[x](y)|z', '$1.00'])
  expect(text('a.b*c$&[x](y)|z and aXbbc')).toBe('[redacted] and aXbbc')
  expect(text('costs $1.00')).toBe('costs [redacted]')
})

test('of secrets that contain each other the longer one goes whole', () => {
  const { text } = createRedactor(['pass', 'pass-word-1'])
  expect(text('pass-word-1 and pass')).toBe('[redacted] and [redacted]')
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

test('a secret is found where it was encoded', () => {
  const secret = 'p"ss wörd'
  const { text } = createRedactor([secret, ''])
  const encoded = [JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
  for (const each of [secret, ...encoded]) expect(text(`<${each}>`)).toMatch(/^<"?\[redacted\]"?>$/)
})

test('JSON stays JSON when a secret is a number, a key, or a piece of syntax', () => {
  expect(createRedactor(['1234']).json('{"pin":1234,"near":[12345,123]}')).toBe(
    '{"pin":"[redacted]","near":["[redacted]",123]}',
  )
  expect(createRedactor(['name']).json('{"name":1,"other":true}')).toBe('{"[redacted]":1,"other":true}')
  expect(createRedactor(['true']).json('{"a":true}')).toBe('{"a":"[redacted]"}')
  expect(createRedactor(['null']).json('{"a":null}')).toBe('{"a":"[redacted]"}')
  expect(createRedactor(['a":"']).json('{"a":"b"}')).toBe('"[redacted]"')
})

test('keys that differ only in secrets do not overwrite each other', () => {
  expect(createRedactor(['key1', 'key2']).json('{"key1":1,"key2":2}')).toBe(
    '{"[redacted]":1,"[redacted]\'":2}',
  )
})

test('a secret that is part of the replacement is no endless work', () => {
  const { json, text } = createRedactor(['redacted', 'tide'])
  expect(text('tides')).toBe('[redacted]s')
  expect(json('"tide redacted"')).toBe('"[redacted] [redacted]"')
})

test('JSON without a secret is the same text, also when it was looked at twice', () => {
  const { json } = createRedactor(['s3cret'])
  for (const text of ['{ "spaces":  "stay" }', '{ "password":  null }']) expect(json(text)).toBe(text)
})

test('a value too short to hide is refused without being repeated', () => {
  expect(() => createRedactor(['xyz'])).toThrow(
    expect.objectContaining({ code: 'E_REDACT', message: expect.not.stringContaining('xyz') }),
  )
  expect(createRedactor(['wxyz']).text('wxyz')).toBe('[redacted]')
})
