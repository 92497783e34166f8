import { expect, test } from 'vitest'
import { createRedactor } from '../../../../src/base/redact/redactor.ts'

const { text } = createRedactor(['aaaaaaab'])

/** Beginnings of secrets that never become one: what a pattern that looks twice is slow on. */
const HOSTILE: Readonly<Record<string, string>> = {
  'names without values': 'password',
  'names and colons': 'token:',
  'passwords and colons': 'password:',
  'passwords and open quotes': 'password:"',
  'open quotes of two kinds': `password:"secret='`,
  headers: 'authorization:',
  digests: 'authorization: digest ',
  cookies: 'cookie:a',
  'cookie pairs': 'cookie=',
  options: '--password ',
  'beginnings of keys': 'sk-',
  'beginnings of JWTs': 'eyJaaaaa-',
  'dots of JWTs': 'eyJaaaaa.',
  'beginnings of PEM': '-----BEGIN A',
  'beginnings of private keys': `-----BEGIN ${'PRIVATE KEY-----'}`,
  gitlab: 'glpat-',
  sendgrid: 'SG.aaaaaaaaaaaaaaaa.',
  'curl users': 'curl -u a:',
  'curl commands': 'curl ',
  'mysql commands': 'mysql ',
  'mysql passwords': 'mysql -p',
  'names in lists': '"token",',
  'header pairs': '"token","',
  'bot ids': '12345678',
  'bot tokens': '12345678:AA',
  'discord tokens': 'MTA1a1B2c3D4e5a1B2c3D4e5.',
  'letters of discord': 'M',
  'sentry tokens': 'sntrys_',
  'passwords of users': `user:'',pass`,
  'users with long names': `user:'aaaa`,
  'passwords in auth': 'auth:{pass',
  'blanks before a password': 'user:"",    pass ',
  'printed maps': `'password' => `,
  'lists of arguments': '"--password",',
  'headers with names': '"name":"token","value":',
  'names of headers': 'name:"',
  'beginnings of resend keys': 're_aaaaaaaa_',
  'beginnings of service tokens': 'xai-dp.pt.r8_glc_',
  schemes: 'bearer bearer',
  basic: 'basic aaaaaaaa',
  slashes: '://a:',
  'at signs': 'a@',
  users: 'a:b@',
  escapes: '\\',
  'escaped quotes': 'password:\\"\\',
  blanks: 'password ',
  query: '?sig=',
  literals: 'aaaaaaa',
  letters: 'a',
}

test.each(Object.entries(HOSTILE))(
  'eight times as much text is about eight times the work: %s',
  (_name, piece) => {
    const short = cpuMs(piece.repeat(SHORT_CHARS / piece.length))
    const long = cpuMs(piece.repeat((8 * SHORT_CHARS) / piece.length))
    // Work that grows with the square would be 64 times as much. Below a few milliseconds only the clock is measured.
    expect(long / Math.max(short, 2)).toBeLessThan(24)
  },
)

const SHORT_CHARS = 40_000

/** The least CPU time of several tries: what others do on the machine only ever adds to it. */
function cpuMs(hostile: string): number {
  const tries = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    text(hostile)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...tries)
}
