import { symlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliProject, type Said } from './cli-project.ts'
import { expectOneScreen, unwrapped } from './one-screen.ts'

/** Each of these starts a real process, most of them two, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** Scenario files that cannot be used, by their folder: where it says what is wrong, and what. */
const UNUSABLE = [
  [
    'unknown-verb',
    'in unknown-verb/flap.scenario.yaml:4:14, got `rejct`. Did you mean `reject`?',
    '3*rejct(ECONNRESET)',
  ],
  [
    'misspelt-key',
    'Unknown key `falts` in misspelt-key/flap.scenario.yaml:3:1. Did you mean `faults`?',
    '> 3 | falts:',
  ],
  [
    'wrong-type',
    'Expected `expect.virtualMs` in wrong-type/flap.scenario.yaml:5:3 to be a number',
    'got "soon"',
  ],
  [
    'duplicate-keys',
    'Expected the key `input` in duplicate-keys/flap.scenario.yaml:4:1 to be there once',
    'line 3 has it already',
  ],
  [
    'billion-laughs',
    'Expected the aliases of billion-laughs/lol.scenario.yaml:4:35',
    'to stand for at most 100000 values, got more',
  ],
] as const

describe('scenario files that cannot be used', () => {
  const project = new CliProject('bad-input')
  afterAll(() => project[Symbol.dispose]())
  let said: Said
  let shown: string
  // One run over all of them.
  beforeAll(async () => {
    project.write('huge/huge.scenario.yaml', Buffer.alloc(50_000_000, 'name: x\n'))
    said = await project.run(['run', ...UNUSABLE.map(([folder]) => folder), 'many-mistakes', 'huge'])
    shown = said.stdout.replaceAll(/\s+/g, ' ')
  }, PATIENCE_MS)

  test.each(UNUSABLE)('%s is named in every output', (folder, where, what) => {
    expect(shown).toContain(where)
    expect(shown).toContain(what)
    const failure = project.report().failures.find(({ file }) => file?.startsWith(`${folder}/`))
    expect(failure).toMatchObject({ test: null, status: 'failed', error: { name: 'UnusableScenario' } })
    expect(failure?.error.codeFrame).toMatch(/^> +\d+ \|/m)
    expect(project.read('.shakedown/report.md')).toContain(failure?.error.location?.file ?? 'no place')
  })

  test('the mistakes of all files are told at once', () => {
    for (const file of ['file-1', 'file-2', 'file-3'])
      expect(said.stdout).toContain(`many-mistakes/${file}.scenario.yaml:3:1`)
  })

  test('one of 50 MB is refused unread', () => {
    expect(shown).toContain(
      'Expected huge/huge.scenario.yaml to be a scenario file of at most 1048576 bytes, got 50000000 bytes.',
    )
  })

  test('a run of nothing else ends with 2', () => {
    expect(shown).toContain('exit code 2')
    expect(said.exitCode).toBe(2)
  })
})

test(
  'one scenario file that cannot be used keeps no other from running',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('flap.scenario.yaml', 'name: [')
    project.write('outside.scenario.yaml', 'name: looks\nsubject: ../../../etc/passwd#x\n')
    const said = await project.run(['run', 'good', 'flap', 'outside'])
    expect(said.exitCode).toBe(2)
    expect(project.report().totals).toMatchObject({ files: 3, passed: 1 })
    expect(project.report().failures.map(({ file }) => file)).toEqual([
      'flap.scenario.yaml',
      'outside.scenario.yaml',
    ])
  },
  PATIENCE_MS,
)

test.each([
  ['missing-export', 'which exports send. Did you mean `send`?', 'flap.scenario.yaml:2:1'],
  ['throwing-subject', 'the database of the subject is not there', 'flap.scenario.yaml:2:1'],
])(
  'a scenario whose subject cannot be loaded (%s) exits with 2, because nothing was tested',
  async (folder, what, where) => {
    using project = new CliProject('bad-input')
    const said = await project.run(['run', folder])
    expect(said.stdout.replaceAll(/\s+/g, ' ')).toContain(what)
    expect(said.stdout).toContain(where)
    expect(said.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(24)
    expect(said.stdout).toContain('exit code 2')
    expect(said.exitCode).toBe(2)
    // It ran as far as it could, so there is a report of that.
    expect(project.report().run).toMatchObject({ status: 'failed', exitCode: 2 })
  },
  PATIENCE_MS,
)

test(
  'a subject that cannot be loaded does not hide a failing test beside it',
  async () => {
    using project = new CliProject('bad-input')
    project.write(
      'wrong/wrong.scenario.yaml',
      'name: it fails\nsubject: ../subjects.ts#send\nexpect: { status: failed }\n',
    )
    const said = await project.run(['run', 'wrong', 'missing-export'])
    expect(said.exitCode).toBe(1)
  },
  PATIENCE_MS,
)

test('a folder without scenarios is refused by its name', async () => {
  using project = new CliProject('bad-input')
  const said = await project.run(['run', 'no-scenarios'])
  expectOneScreen(said, 'E_NO_SCENARIOS')
  expect(unwrapped(said)).toContain('in no-scenarios, got none')
  expect(unwrapped(said)).toContain('`shakedown run path/to/scenarios`')
})

test(
  'a link that leads to itself stops no run of the folder it is in, and is refused when it is named',
  async () => {
    using project = new CliProject('broken-suite')
    symlinkSync('loop.scenario.yaml', project.path('loop.scenario.yaml'))
    const named = await project.run(['run', 'loop.scenario.yaml'])
    expectOneScreen(named, 'E_NO_SUCH_PATH')
    const config = await project.run(['run', '--config', 'loop.scenario.yaml', 'good.scenario.yaml'])
    expectOneScreen(config, 'E_NO_SUCH_PATH')
    const said = await project.run(['run', '-t', 'no such name'])
    expect(unwrapped(said)).toContain('E_NO_MATCH')
    expect(project.report().totals).toMatchObject({ files: 5, lost: 0 })
  },
  PATIENCE_MS,
)

test('a path that is not there is refused with its nearest neighbour', async () => {
  using project = new CliProject('bad-input')
  const said = await project.run(['run', 'unknown-verbs'])
  expectOneScreen(said, 'E_NO_SUCH_PATH')
  expect(unwrapped(said)).toContain('Did you mean `unknown-verb`?')
})

test(
  'scenarios that the configuration of Vitest leaves out are not passed over in silence',
  async () => {
    using project = new CliProject('bad-input')
    project.write('vitest.config.ts', "export default { test: { exclude: ['missing-export/**'] } }")
    const said = await project.run(['run', 'missing-export/flap.scenario.yaml'])
    expectOneScreen(said, 'E_NOTHING_TO_RUN')
    expect(unwrapped(said)).toContain(
      'Expected the Vitest of this project to run missing-export/flap.scenario.yaml, but its configuration leaves it out.',
    )
    // The page of a CI job shows the report, and there is one.
    expect(project.report().run).toMatchObject({ status: 'failed', exitCode: 2 })
    expect(project.read('.shakedown/report.md')).toContain('E_NOTHING_TO_RUN: Expected the Vitest of this')
    expect(project.read('.shakedown/report.md')).toMatch(/^## ❌ FAILED: nothing was run$/m)
  },
  PATIENCE_MS,
)
