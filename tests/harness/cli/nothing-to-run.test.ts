import { expect, test } from 'vitest'
import { CliProject } from './cli-project.ts'

/** Starts several Vitests, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** A project with one ordinary test. */
function projectWith(testOptions: string): CliProject {
  const project = new CliProject()
  project.write(
    'vitest.config.ts',
    `import shakedown from 'shakedown/vitest'\nexport default { plugins: [shakedown()], test: { ${testOptions} } }`,
  )
  project.write('one.test.ts', "import { test } from 'vitest'\ntest('one', () => {})\n")
  return project
}

test(
  'a name that no test has, and a configuration that deselects all, end with 2 in the report, too, and never pass',
  async () => {
    using misspelt = projectWith('')
    const name = await misspelt.run(['run', '--all', '-t', 'oen'])
    expect(name.stdout).toContain('NOTHING RAN: all tests were deselected')
    expect(name.stdout).not.toContain('PASSED')
    expect(name.stderr).toContain('E_NO_MATCH')
    expect([name.exitCode, misspelt.report().run]).toEqual([
      2,
      expect.objectContaining({ status: 'empty', exitCode: 2 }),
    ])
    expect(misspelt.read('.shakedown/report.md')).not.toContain('PASSED')
    expect(misspelt.read('.shakedown/report.html')).not.toContain('PASSED')
    using deselected = projectWith("testNamePattern: 'oen'")
    const configured = await deselected.run(['run', '--all'])
    expect(configured.stdout).toContain('NOTHING RAN: all tests were deselected')
    expect(configured.exitCode).toBe(2)
    expect(deselected.report().run.exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test.each([
  [
    'with passWithNoTests',
    'passWithNoTests: true',
    'NOTHING TO RUN: all tests were deselected',
    ['-t', 'oen'],
  ],
  ['in a shard', "shard: '1/1'", 'NOTHING TO RUN: all tests were deselected', ['-t', 'oen']],
  ['without a file', "passWithNoTests: true, exclude: ['**']", 'NOTHING TO RUN', []],
])(
  'nothing to run %s is no failure, and no success either',
  async (_where, testOptions, headline, args) => {
    using project = projectWith(testOptions)
    const { exitCode, stdout, stderr } = await project.run(['run', '--all', ...args])
    expect(stdout).toContain(headline)
    expect(stdout).not.toContain('PASSED')
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(project.report().run).toMatchObject({ status: 'empty', exitCode: 0 })
  },
  PATIENCE_MS,
)

test.each([
  ['a name with blanks, where Vitest joins names by another sign', 'add one', 'none among 3 tests'],
  ['a name that only a skipped test has', 'later', 'only skipped ones: 1 of 3 tests'],
])(
  '%s leaves nothing to run: exit code 2, and the hint says how names are joined',
  async (_what, name, got) => {
    using project = projectWith('')
    project.write('add.test.ts', SKIPPED_AND_NOT)
    const { exitCode, stdout, stderr } = await project.run(['run', '--all', '-t', name])
    expect(stdout).toContain('NOTHING RAN: all tests were deselected')
    expect(stdout).not.toContain('PASSED')
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`matches /${name}/, got ${got}`)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('joins by ` > `: `suite > test`')
    expect(exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test(
  'the name joined as Vitest joins it finds its test',
  async () => {
    using project = projectWith('')
    project.write('add.test.ts', SKIPPED_AND_NOT)
    const found = await project.run(['run', '--all', '-t', 'add > one'])
    expect([found.exitCode, project.report().totals.passed]).toEqual([0, 1])
    expect(found.stdout).toContain('Files      2: 1 passed, 1 skipped')
  },
  PATIENCE_MS,
)

const SKIPPED_AND_NOT = `
  import { describe, test } from 'vitest'
  describe('add', () => test('one', () => {}))
  test.skip('later', () => {})`

test(
  'tests that are all skipped prove nothing, and that is said',
  async () => {
    using project = projectWith('')
    project.write(
      'one.test.ts',
      "import { test } from 'vitest'\ntest.skip('one', () => {})\ntest.todo('two')\n",
    )
    const { exitCode, stdout } = await project.run(['run', '--all'])
    expect(stdout).toContain('NOTHING TO RUN: all tests are skipped')
    expect(stdout).not.toContain('PASSED')
    expect([exitCode, project.report().run.status]).toEqual([0, 'empty'])
    expect(stdout).toContain('Files      1 skipped')
    // What is reported is not to be committed.
    expect(project.read('.shakedown/.gitignore')).toBe('*\n')
  },
  PATIENCE_MS,
)
