import { expect, test } from 'vitest'
import { createRedactor } from '../../../../src/base/redact/redactor.ts'

const { text, json } = createRedactor()

test.each([
  [`['x-api-key', 'abc123']`, `['x-api-key', '[redacted]']`],
  ['["Authorization","Bearer abcdefgh"]', '["Authorization","[redacted]"]'],
  ['[\n  "cookie",\n  "sid=abc",\n]', '[\n  "cookie",\n  "[redacted]",\n]'],
  ['{\\"h\\":[\\"x-auth-token\\",\\"abc123\\"]}', '{\\"h\\":[\\"x-auth-token\\",\\"[redacted]\\"]}'],
])('headers in a list are hidden: %s', (whole, redacted) => {
  expect(text(whole)).toBe(redacted)
})

test.each([
  [`{ auth: { user: 'me', pass: 'swordfish' } }`, `{ auth: { user: 'me', pass: '[redacted]' } }`],
  [`{ user: 'me', pass: "it's" }`, `{ user: 'me', pass: "[redacted]" }`],
  [`auth: {\n  pass: 'sword fish',\n  user: 'me'`, `auth: {\n  pass: '[redacted]',\n  user: 'me'`],
  ['sent {"auth":{"user":"me","pass":"x\\"y"}}', 'sent {"auth":{"user":"me","pass":"[redacted]"}}'],
  ['"{\\"user\\":\\"me\\",\\"pass\\":\\"xyz\\"}"', '"{\\"user\\":\\"me\\",\\"pass\\":\\"[redacted]\\"}"'],
  [`Map(1) { 'password' => 'swordfish' }`, `Map(1) { 'password' => '[redacted]' }`],
  [`Map(1) { 'authorization' => 'Bearer abc' }`, `Map(1) { 'authorization' => 'Bearer [redacted]' }`],
  ['["--password","swordfish","-v"]', '["--password","[redacted]","-v"]'],
  [`[\n  '--api-key',\n  'abc' ]`, `[\n  '--api-key',\n  '[redacted]' ]`],
  ['{\\"args\\":[\\"--db-password\\",\\"abc\\"]}', '{\\"args\\":[\\"--db-password\\",\\"[redacted]\\"]}'],
  ['sent {"name":"X-Api-Key","value":"abc123"}', 'sent {"name":"X-Api-Key","value":"[redacted]"}'],
  [`{ name: 'Cookie', value: 'sid=abc' }`, `{ name: 'Cookie', value: '[redacted]' }`],
  [
    '{\\"name\\": \\"Authorization\\", \\"value\\": \\"a1b2\\"}',
    '{\\"name\\": \\"Authorization\\", \\"value\\": \\"[redacted]\\"}',
  ],
])('a secret in printed data is hidden: %s', (whole, redacted) => {
  expect(text(whole)).toBe(redacted)
  expect(text(redacted)).toBe(redacted)
})

test('arguments and headers with names are hidden in data, and their harmless twins stay', () => {
  const data = {
    argv: ['--password', 'swordfish', '--token', '--user', 'me'],
    headers: [{ name: 'X-Api-Key', value: 'abc123', comment: '' }],
  }
  expect(JSON.parse(json(JSON.stringify(data)))).toEqual({
    argv: ['--password', '[redacted]', '--token', '--user', 'me'],
    headers: [{ name: 'X-Api-Key', value: '[redacted]', comment: '' }],
  })
  const harmless = JSON.stringify({
    help: ['--password', 'the password to use'],
    headers: [{ name: 'Accept', value: 'text/plain' }],
    nodes: [{ name: 'token', value: 'identifier' }],
  })
  expect(json(harmless)).toBe(harmless)
})

test('headers in lists of data are hidden, in pairs and flat', () => {
  const headers = {
    pairs: [
      ['X-Api-Key', 'abc123'],
      ['Host', 'h1'],
    ],
    raw: ['Host', 'h1', 'Authorization', 'a1b2', 'Cookie', 'a=b'],
    names: ['authorization', 'cookie', 'x-api-key'],
  }
  expect(JSON.parse(json(JSON.stringify(headers)))).toEqual({
    pairs: [
      ['X-Api-Key', '[redacted]'],
      ['Host', 'h1'],
    ],
    raw: ['Host', 'h1', 'Authorization', '[redacted]', 'Cookie', '[redacted]'],
    names: ['authorization', 'cookie', 'x-api-key'],
  })
})

test.each([
  `{ pass: 'yes', fail: 'no' }`,
  `{ user: 'me', passed: 'yes' }`,
  `{ user: 'me', pass: true }`,
  `{ auth: 'basic', pass: 'two' }`,
  `Map(1) { 'tokens' => 'many' }`,
  `(password) => 'x'`,
  `['--password', '--user']`,
  `option('--password', 'the password to use')`,
  `{"name":"token","value":"identifier"}`,
  `{"name":"Accept","value":"text/html1"}`,
])('ordinary data stays: %s', (whole) => {
  expect(text(whole)).toBe(whole)
})
