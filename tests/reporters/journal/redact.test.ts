import { expect, test } from 'vitest'
import { createRedact, redactStrings } from '../../../reporters/journal/redact.ts'

/** Put together while running, so that no scanner takes them for real ones. */
const made = (...parts: readonly string[]): string => parts.join('')
const pem = (body: string, end: string): string => made('-----BEGIN RSA ', 'PRIVATE KEY-----\n', body, end)

const SECRETS: Readonly<Record<string, string>> = {
  'github token': made('ghp_', 'a1B2c3D4e5'.repeat(4)),
  'fine-grained github token': made('github_pat_', '11ABCDEFG0'.repeat(3), '_abcdef'),
  'openai key': made('sk-proj-', 'abc123DEF4'.repeat(4)),
  'stripe key': made('sk_live_', 'abc123DEF4'.repeat(3)),
  'aws key': made('AKIA', 'ABCDEFGH12345678'),
  'google key': made('AIza', 'abcde'.repeat(7)),
  'slack token': made('xoxb-', '1234567890', '-abcdefghij'),
  'npm token': made('npm_', 'abcdefghij'.repeat(3), 'ABCDEF'),
  jwt: made('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxIn0', '.c2lnbmF0dXJl'),
  'private key': pem('MIIEow', made('\n-----END RSA ', 'PRIVATE KEY-----')),
}

test.each(Object.entries(SECRETS))('a %s is hidden wherever it stands', (_name, secret) => {
  const redact = createRedact()
  for (const text of [secret, `token=${secret}&x=1`, `{"key":"${secret}"}`, `it was ${secret}.`]) {
    expect(redact(text)).toContain('[redacted')
    expect(redact(text)).not.toContain(secret.slice(8, 28))
  }
})

test('a private key that was cut off before its end is hidden to the end of the text', () => {
  expect(createRedact()(`key: ${pem('MIIEow\nabc', '')}`)).toBe('key: [redacted private key]')
})

test('credentials in a header and in a URL are hidden, and what they belong to stays readable', () => {
  const redact = createRedact()
  expect(redact('Authorization: Bearer abcdef123456')).toBe('Authorization: Bearer [redacted]')
  expect(redact('postgres://app:s3cr3t@db.internal/orders')).toBe(
    'postgres://app:[redacted]@db.internal/orders',
  )
  expect(redact('redis://:s3cr3t@cache')).toBe('redis://:[redacted]@cache')
})

test('text that only looks a little like a secret stays', () => {
  const harmless = [
    'risk-assessment-of-every-single-thing',
    'sk-learn',
    'a task-list-with-a-very-long-kebab-case-name',
    'https://example.com:8080/path@2x.png',
    'tests/a.test.ts:12:5',
    'bearer of news',
    'sha256 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  ]
  for (const text of harmless) expect(createRedact()(text)).toBe(text)
})

test('named values are hidden also where they were encoded', () => {
  const redact = createRedact(['p"ss wörd', ''])
  const secret = 'p"ss wörd'
  for (const text of [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ])
    expect(redact(`<${text}>`)).toMatch(/^<"?\[redacted\]"?>$/)
})

test('a named value that contains another one is hidden whole', () => {
  expect(createRedact(['abcd', 'abcdefgh'])('x abcdefgh y')).toBe('x [redacted] y')
})

test('a named value is a text and not a pattern', () => {
  const redact = createRedact(['a.c*'])
  expect(redact('a.c* abcc')).toBe('[redacted] abcc')
})

test('a value too short to hide is refused without being repeated', () => {
  expect(() => createRedact(['xyz'])).toThrow(
    expect.objectContaining({ code: 'E_REDACT', message: expect.not.stringContaining('xyz') }),
  )
  expect(createRedact(['wxyz'])('wxyz')).toBe('[redacted]')
})

test('hiding what is hidden already changes nothing', () => {
  const redact = createRedact(['hunter22'])
  const once = redact(`${Object.values(SECRETS).join(' ')} hunter22 redis://u:p@h Bearer abcdef123456`)
  expect(redact(once)).toBe(once)
})

test('every string of an event is searched, except the words that are ours', () => {
  const redact = createRedact(['failed'])
  expect(
    redactStrings(
      { type: 'failed', status: 'failed', list: [{ test: 'it failed' }], count: 1, none: null },
      redact,
    ),
  ).toEqual({
    type: 'failed',
    status: 'failed',
    list: [{ test: 'it [redacted]' }],
    count: 1,
    none: null,
  })
})
