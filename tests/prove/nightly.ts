import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { globSync } from 'tinyglobby'

/**
 * `npm run test:nightly [what Vitest takes]` runs the tests that have two sizes (`tests/support/nightly.ts`) in the large
 * one: properties on 100 000 cases, processes killed 500 times.
 */
const tests = globSync('tests/**/*.test.ts', { ignore: ['**/node_modules/**', '**/fixtures/**'] })
const sized = tests.filter((file) => /\/support\/nightly\.ts'/.test(readFileSync(file, 'utf8'))).toSorted()
if (sized.length === 0) throw new Error('Expected some test to have a size for the night, none has.')

/** The longest of them takes minutes; an hour is a hang. */
const TEST_TIMEOUT_MS = 3_600_000

const given = process.argv.slice(2)
const files = given.some((word) => !word.startsWith('-')) ? [] : sized
const child = spawn(
  process.execPath,
  [
    path.join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--test-timeout',
    String(TEST_TIMEOUT_MS),
    ...files,
    ...given,
  ],
  { stdio: 'inherit', env: { ...process.env, NIGHTLY_SIZES: '1' } },
)
child.on('close', (code, signal) => {
  if (signal !== null) process.stderr.write(`The tests were ended by ${signal}.\n`)
  process.exitCode = code ?? 1
})
