import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const reporters = path.resolve(import.meta.dirname, '../../../reporters')
const support = path.resolve(import.meta.dirname, '../support/events.ts')

/** Publishes a report on a standard output that is a pipe. */
const PROGRAM = `
  import { preparePublish } from ${JSON.stringify(path.join(reporters, 'collect/publish.ts'))}
  import { wholeRun } from ${JSON.stringify(support)}
  const publish = await preparePublish({ begun: [], reportDir: '.', files: false, print: process.stdout })
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
