import { expect, test } from 'vitest'
import { createRedactor } from '../../../../src/base/redact/redactor.ts'

/** Put together while running, so that no scanner takes them for real ones. */
const made = (...parts: readonly string[]): string => parts.join('')
const pem = (body: string, end: string): string => made('-----BEGIN RSA ', 'PRIVATE KEY-----\n', body, end)
const { text, json } = createRedactor()

const TOKENS: Readonly<Record<string, string>> = {
  'github token': made('ghp_', 'a1B2c3D4e5'.repeat(4)),
  'fine-grained github token': made('github_pat_', '11ABCDEFG0'.repeat(3), '_abcdef'),
  'gitlab token': made('glpat-', 'a1B2c3D4e5'.repeat(2)),
  'npm token': made('npm_', 'abcdefghij'.repeat(3), 'ABCDEF'),
  'pypi token': made('pypi-', 'AgEIcHlwaS5vcmc', 'CJDRlYzQ5'.repeat(6)),
  'hugging face token': made('hf_', 'aBcDeFgHiJ'.repeat(3), 'kLmN'),
  'openai key': made('sk-proj-', 'abc123DEF4'.repeat(4)),
  'stripe key': made('sk_live_', 'abc123DEF4'.repeat(3)),
  'sendgrid key': made('SG.', 'a1B2c3D4e5F6g7H8i9J0kL', '.', 'a1B2c3D4e5'.repeat(4), 'xyz'),
  'aws key': made('AKIA', 'ABCDEFGH12345678'),
  'google key': made('AIza', 'abcde'.repeat(7)),
  'google client secret': made('GOCSPX-', 'aB3'.repeat(9)),
  'slack token': made('xoxb-', '1234567890', '-abcdefghij'),
  'slack app token': made('xapp-1-', 'A0123456789', '-abcdefghij'),
  'webhook secret': made('whsec_', 'a1B2c3D4e5'.repeat(3)),
  'vault token': made('hvs.', 'CAESIJ1234567890abcdefghij'),
  jwt: made('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxIn0', '.c2lnbmF0dXJl'),
  'docker token': made('dckr_pat_', 'a1B2c3D4e5'.repeat(3)),
  'telegram token': made('123456789:AA', 'a1B2c3D4e5F'.repeat(3)),
  'discord token': made('MTA1', 'a1B2c3D4e5'.repeat(2), '.Gx1Y2z.', 'a1B2c3D4e5'.repeat(3)),
  'twilio key': made('SK', '0123456789abcdef'.repeat(2)),
  'linear key': made('lin_api_', 'a1B2c3D4e5'.repeat(4)),
  'notion token': made('ntn_', '1234567890a'.repeat(4)),
  'sentry token': made('sntrys_', 'eyJpYXQiOjE3MDB9_', 'a1B2c3D4'.repeat(4)),
  'atlassian token': made('ATATT3x', 'FfGF0a1B2c3'.repeat(4), '=ABCDEF12'),
  'groq key': made('gsk_', 'a1B2c3D4e5'.repeat(5)),
  'databricks token': made('dapi', '0123456789abcdef'.repeat(2)),
  'supabase token': made('sbp_', '0123456789'.repeat(4)),
  'new relic key': made('NRAK-', 'ABCDEFGH1'.repeat(3)),
  'mailgun key': made('key-', '0123456789abcdef'.repeat(2)),
  'perplexity key': made('pplx-', 'a1B2c3D4e5F6'.repeat(4)),
  'xai key': made('xai-', 'a1B2c3D4e5'.repeat(8)),
  'nvidia key': made('nvapi-', 'a1B2-3D_e5'.repeat(6)),
  'replicate token': made('r8_', 'a1B2c3D4e5'.repeat(4)),
  'figma token': made('figd_', 'a1B2c-D4_5'.repeat(4)),
  'postman key': made('PMAK-', '0123456789abcdef01234567', '-', '0123456789abcdef'.repeat(2), 'ab'),
  'doppler token': made('dp.pt.', 'a1B2c3D4e5'.repeat(4), 'abc'),
  'planetscale token': made('pscale_tkn_', 'a1B2c3D_e5'.repeat(4)),
  'resend key': made('re_', 'a1B2c3D4', '_', 'a1B2c3D4e5F6'.repeat(2)),
  'grafana token': made('glc_', 'eyJvIjoiMTIzNDU2'.repeat(4), '='),
  'vercel blob token': made('vercel_blob_rw_', 'a1B2c3D4e5F6G7H8', '_', 'a1B2c3D4e5'.repeat(3)),
  'age key': made('AGE-SECRET-KEY-1', 'QPZRY9X8GF'.repeat(5)),
  'pgp key': made(
    '-----BEGIN PGP ',
    'PRIVATE KEY BLOCK-----\nlQOYBF',
    '\n-----END PGP ',
    'PRIVATE KEY BLOCK-----',
  ),
  'private key': pem('MIIEow', made('\n-----END RSA ', 'PRIVATE KEY-----')),
}

test.each(Object.entries(TOKENS))('a %s is hidden wherever it is', (_name, secret) => {
  const surroundings = [
    secret,
    `code=${secret}&x=1`,
    `{"key":"${secret}"}`,
    `it was ${secret}.`,
    String.raw`line one\n${secret}`,
    `%22${secret}%22`,
  ]
  for (const whole of surroundings) {
    expect(text(whole)).toContain('[redacted')
    expect(text(whole)).not.toContain(secret.slice(8, 28))
    const redacted = json(JSON.stringify({ deep: [JSON.stringify({ whole })] }))
    expect(redacted).toContain('[redacted')
    expect(redacted).not.toContain(secret.slice(8, 28))
    expect(() => JSON.parse(redacted) as unknown).not.toThrow()
  }
})

test('a private key that was cut off before its end is hidden to the end of the text', () => {
  expect(text(`key: ${pem('MIIEow\nabc', '')}`)).toBe('key: [redacted private key]')
})

test.each([
  ['password=hunter2', 'password=[redacted]'],
  ['password=swordfish', 'password=[redacted]'],
  ['DB_PASSWORD=hunter2 node app', 'DB_PASSWORD=[redacted] node app'],
  ['user=app;Password=hun,ter2;host=db', 'user=app;Password=[redacted];host=db'],
  ['password: hunter2', 'password: [redacted]'],
  ['the password: swordfish', 'the password: [redacted]'],
  ['(password=hunter2).', '(password=[redacted]).'],
  [`{ user: 'x', password: 'hunter 2' }`, `{ user: 'x', password: '[redacted]' }`],
  ['{"password":"hun\\"ter2","n":1}', '{"password":"[redacted]","n":1}'],
  ['{\\"password\\":\\"hun\\\\\\"ter2\\",\\"n\\":1}', '{\\"password\\":\\"[redacted]\\",\\"n\\":1}'],
  ['{"passwd": "x", "Passphrase": "y"}', '{"passwd": "[redacted]", "Passphrase": "[redacted]"}'],
  ['new_password_confirmation=abc&x=1', 'new_password_confirmation=[redacted]&x=1'],
  ['login --password hunter2 --user me', 'login --password [redacted] --user me'],
  ['{"password":"cut off he', '{"password":"[redacted]'],
])('a password is hidden: %s', (whole, redacted) => {
  expect(text(whole)).toBe(redacted)
})

test.each([
  ['Authorization: Bearer abcdef123456', 'Authorization: Bearer [redacted]'],
  ['Authorization: token abcdefabcdef', 'Authorization: token [redacted]'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
  ['authorization: a1b2c3d4', 'authorization: [redacted]'],
  ['Authorization: Digest username="x", response="y"\nHost: z', 'Authorization: Digest [redacted]\nHost: z'],
  [`-H 'Authorization: Bearer abc.def' https://x`, `-H 'Authorization: Bearer [redacted]' https://x`],
  ['{"authorization":"Bearer abcdefgh"}', '{"authorization":"Bearer [redacted]"}'],
  [`headers: { Authorization: 'abcdefgh' }`, `headers: { Authorization: '[redacted]' }`],
  ['sent Bearer abcdef123456 twice', 'sent Bearer [redacted] twice'],
  ['sent Basic dXNlcjpwYXNz twice', 'sent Basic [redacted] twice'],
  ['Cookie: sid=abc; theme=dark\nHost: x', 'Cookie: [redacted]\nHost: x'],
  ['set-cookie: sid=abc; Path=/; HttpOnly', 'set-cookie: [redacted]'],
  [`-H 'Cookie: sid=abc' https://x`, `-H 'Cookie: [redacted]' https://x`],
  ['{"set-cookie":"sid=abc"}', '{"set-cookie":"[redacted]"}'],
  ['X-Api-Key: abc123def', 'X-Api-Key: [redacted]'],
  [`{ 'x-api-key': 'abc' }`, `{ 'x-api-key': '[redacted]' }`],
  ['Invalid API key: abc123', 'Invalid API key: [redacted]'],
])('credentials in a header are hidden: %s', (whole, redacted) => {
  expect(text(whole)).toBe(redacted)
})

test.each([
  ['GET /items?token=abc&page=2', 'GET /items?token=[redacted]&page=2'],
  ['/cb?access_token=a.b-c#top', '/cb?access_token=[redacted]'],
  ['https://x/y?sig=abcd%2Fefgh&se=1', 'https://x/y?sig=[redacted]&se=1'],
  ['token: abc123def456', 'token: [redacted]'],
  ['{"refreshToken":"abc"}', '{"refreshToken":"[redacted]"}'],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = [redacted]'],
  [`secretAccessKey: 'wJalrXUtnFEMI/K7MDENG'`, `secretAccessKey: '[redacted]'`],
  [
    'AccountName=x;AccountKey=ab+/cd==;EndpointSuffix=y',
    'AccountName=x;AccountKey=[redacted];EndpointSuffix=y',
  ],
  ['//registry.example/:_authToken=abc', '//registry.example/:_authToken=[redacted]'],
  ['https://hooks.slack.com/services/T0/B0/abc', 'https://hooks.slack.com/services/[redacted]'],
  ['postgres://app:s3cr3t@db.internal/orders', 'postgres://app:[redacted]@db.internal/orders'],
  ['https://user:p@ss@host/path', 'https://user:[redacted]@host/path'],
  ['login user:p@ss@host failed', 'login user:[redacted]@host failed'],
  ['redis://:s3cr3t@cache', 'redis://:[redacted]@cache'],
])('a secret in a query, a connection string or a URL is hidden: %s', (whole, redacted) => {
  expect(text(whole)).toBe(redacted)
})

test.each([
  ['curl -u app:hunter2 https://x', 'curl -u app:[redacted] https://x'],
  ['curl https://x \\\n  --user "app:hun:ter"', 'curl https://x \\\n  --user "app:[redacted]"'],
  ['curl --proxy-user=app:hunter https://x', 'curl --proxy-user=app:[redacted] https://x'],
  ['mysql -h db -uapp -phunter orders', 'mysql -h db -uapp -p[redacted] orders'],
  ['$ mysqldump -phunter2 > out.sql', '$ mysqldump -p[redacted] > out.sql'],
])('a password that a command is given is hidden: %s', (whole, redacted) => {
  expect(text(whole)).toBe(redacted)
})

test.each([
  'docker run -u 1000:1000 image',
  'docker run -u node:node image',
  'curl https://x && docker run -u 1000:1000 image',
  'docker run -p3306:3306 mysql -d',
  'run mysql after patch -p1',
  'mkdir -p mysql/data',
  'the mysql option -p asks for a password',
  'curl and mysql are installed',
  `expect(['authorization', 'cookie', 'token']).toContain(name)`,
  `"token", "found 3 times"`,
  `["secret", "the password"]`,
  'a gsk_ prefix and a sbp_ prefix',
  'pplx-a-name-in-kebab-case-that-is-long-enough',
  'xai-a-name-in-kebab-case-that-is-long-enough-too',
  'nvapi-client-of-the-team-that-is-long-enough',
  'r8_transformers_model_loader_of_the_team',
  'figd_configuration_of_a_plugin_of_the_team',
  'PMAK-is-what-keys-of-postman-begin-with',
  'dp.pt.is.the.beginning.of.the.name.of.a.module',
  'pscale_tkn_is_what_a_token_of_planetscale_is',
  're_export_everything_of_Version2_from_here',
  'glc_is_what_tokens_of_grafana_begin_with_mostly',
  'vercel_blob_rw_is_what_a_token_of_a_store_begins_with',
  'ntn_a_very_long_snake_case_name_of_something',
  'key-value-store-with-a-long-name',
  'dapiary of a developer',
  'SKU 0123456789',
  'at 12345678:AAPL stock',
  'Monday.Tuesday.Wednesday',
  'MODULE_NOT_FOUND_IN_PACKAGE.exports.of-a-package-with-a-long-name-here',
  '-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----',
  'basic functionality',
  'Basic Functionality of the Editor',
  'bearer of news',
  'Bearer authentication fails without a header',
  'password reset works',
  'resets the password: twice in a row',
  'password: must have at least 8 letters',
  'password is required',
  'expect(password === other)',
  '(password) => hash(password)',
  'const secret = createSecret(1)',
  'password: string',
  'secret: undefined, token: null',
  'type: "password", name',
  'PWD=/home/me/project',
  'token bucket',
  'token: identifier expected',
  'Unexpected token: punc (})',
  'Unexpected token } in JSON at position 12',
  'max_tokens=4096, tokens: 12345678',
  'tokenId=run-1:token-2',
  'step:token:2',
  'label="Token:", value="x"',
  'cookie banner',
  'Cookie: the banner is shown',
  'authorization: user is not allowed',
  'Authorization: required',
  'authorship and monkeypassing',
  'risk-assessment-of-every-single-thing',
  'a sk-learn-like-package-with-a-long-kebab-case-name',
  'sk-learn',
  'pypi-package-index-mirror-of-the-team',
  'hf_transformersmodelloader',
  'glossary-of-terms-and-definitions',
  'xoxo-hugs-and-kisses',
  'eyJust-a-name-that-begins-like-one',
  'sha256 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  '123e4567-e89b-42d3-a456-426614174000',
  'tests/a.test.ts:12:5',
  '/home/me/src/password/token.ts:12:5',
  'https://example.com:8080/path@2x.png?page=2&sort=name#top',
  'git+ssh://git@github.com/a/b.git',
  'npm:name@1.2.3 and mailto:a@b.example',
  'mailto:ann@b.example@relay.example and MAILTO:ann@b.example@relay.example',
  'ann:[redacted]@b.example@relay.example',
  '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----',
])('ordinary text stays: %s', (whole) => {
  expect(text(whole)).toBe(whole)
})

test('of JSON the values of secret names are hidden, whatever they look like, and the rest is the same', () => {
  const hidden = {
    user: 'x',
    password: 'y',
    nested: [{ dbPassword: 4711, apiKey: ['a', 'b'], cookies: { sid: 'z' } }],
    token: 'identifier',
    auth: { user: 'x', pass: 'y' },
  }
  expect(JSON.parse(json(JSON.stringify(hidden)))).toEqual({
    user: 'x',
    password: '[redacted]',
    nested: [
      { dbPassword: '[redacted]', apiKey: ['[redacted]', '[redacted]'], cookies: { sid: '[redacted]' } },
    ],
    token: '[redacted]',
    auth: { user: 'x', pass: '[redacted]' },
  })
  const harmless = JSON.stringify({
    password: null,
    hasPassword: true,
    secret: false,
    token: 7,
    tokens: 12,
    tokenId: 't-1',
    pass: 12,
    passed: 'yes',
    key: 'value',
    basic: 'functionality',
  })
  expect(json(harmless)).toBe(harmless)
})

test('hiding what is hidden already changes nothing', () => {
  const redactor = createRedactor(['hunter22'])
  const once = redactor.text(
    `${Object.values(TOKENS).join(' ')} hunter22 redis://u:p@h Bearer abcdef123456 password=x token: abc12345 Cookie: a=b`,
  )
  expect(redactor.text(once)).toBe(once)
  const onceJson = redactor.json(JSON.stringify({ password: [1, 'x'], once }))
  expect(redactor.json(onceJson)).toBe(onceJson)
})

test('the shortest value that can be given is hidden where it is all there is', () => {
  const redactor = createRedactor(['1234'])
  expect([redactor.text('1234'), redactor.json('1234'), redactor.text('123')]).toEqual([
    '[redacted]',
    '"[redacted]"',
    '123',
  ])
})
