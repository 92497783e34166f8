import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'

const reporters = path.resolve(import.meta.dirname, '../../../reporters')
const support = path.resolve(import.meta.dirname, '../support/events.ts')

/** Publishes a report on a standard output that is a pipe. */
const PROGRAM = `
  import { preparePublish } from ${JSON.stringify(path.join(reporters, 'collect/publish.ts'))}
  import { wholeRun } from ${JSON.stringify(support)}
  const publish = await preparePublish({ begun: [], reportDir: '.', files: false, print: process.stdout, asciiTerminal: process.env.LC_ALL === 'C' })
  publish({ events: wholeRun([]), journalError: undefined, exits: () => false })
`

test.each([
  ['CI alone brings no colours into a pipe', { CI: '1' }, false],
  ['FORCE_COLOR does', { FORCE_COLOR: '1' }, true],
])('%s', (_what, env, colorful) => {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env,
    encoding: 'utf8',
  })
  expect(said).toContain('NOTHING')
  expect(said.includes('\u001B')).toBe(colorful)
})

test('the summary on a terminal without UTF-8 that does not know its width is in ASCII, and 80 columns wide', () => {
  const terminal = 'Object.assign(process.stdout, { isTTY: true, columns: 0 })\n'
  const program = terminal + PROGRAM
  const run = (LC_ALL: string): string =>
    stripVTControlCharacters(
      execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        env: { LC_ALL },
        encoding: 'utf8',
      }),
    )
  expect(run('C')).toContain('NOTHING')
  expect(run('C')).not.toMatch(/[^\n -~]/)
  const lines = run('C.UTF-8').split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(40)
  expect(lines.join('')).toMatch(/[·•─]/)
})
