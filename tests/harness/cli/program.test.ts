import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { RecordedCommandLine } from './recorded-output.ts'

const shakedown = new RecordedCommandLine(tmpdir())

test('the version is printed', async () => {
  await expect(shakedown.run('--version')).resolves.toBe(0)
  expect(shakedown.stdout).toBe('1.2.3\n')
})

test.each([
  [['--help'], ['shakedown run', 'Exit codes:']],
  [
    ['run', '--help'],
    ['--report-dir <dir>', 'shakedown run scenarios/http'],
  ],
  [
    ['runs', '--help'],
    ['--check', 'shakedown runs --status failed'],
  ],
  [
    ['explain', '--help'],
    ['<run>', 'shakedown explain run-6f1c'],
  ],
  [
    ['adapters', '--help'],
    ['--db <file>', 'shakedown adapters --db ./runs.db'],
  ],
  [['help', 'run'], ['Usage: shakedown run']],
])('%j helps, with examples, in 80 columns', async (args, contains) => {
  await expect(shakedown.run(...args)).resolves.toBe(0)
  for (const text of contains) expect(shakedown.stdout).toContain(text)
  for (const line of shakedown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test.each([
  [[], 'Expected a command (run, report, runs, explain, adapters), got none.'],
  [['rnu'], "Unknown command 'rnu'\n(Did you mean run?)"],
  [['run', '--jsn'], "Unknown option '--jsn'\n(Did you mean --json?)"],
  [['run', '--prnt'], "Unknown option '--prnt'\n(Did you mean --print?)"],
  [['run', '--no-prnt'], "Unknown option '--no-prnt'\n(Did you mean --no-print?)"],
  [['run', '-t', '('], 'Invalid regular expression'],
  [['run', '--config'], "Option '--config <file>' argument missing"],
  [['runs', 'extra'], "Too many arguments for 'runs'"],
  [['runs', '--limit', '0'], 'Expected a whole number from 1 to 10000.'],
  [['runs', '--limit', '10001'], 'Expected a whole number from 1 to 10000.'],
  [['runs', '--status', 'fialed'], 'Allowed choices are running, completed, failed'],
  [['runs', '--check', '--status', 'failed'], "cannot be used with option '--status"],
  [['runs', '--since', 'tomorrow'], 'Expected `--since` to be an age'],
  [['explain'], "Missing required argument 'run'"],
])('%j is refused in words', async (args, message) => {
  await expect(shakedown.run(...args)).rejects.toMatchObject({
    code: 'E_USAGE',
    message: expect.stringContaining(message) as string,
  })
  expect(shakedown.stdout).toBe('')
})

test.each([
  ['--changed', 'npx vitest run --changed'],
  ['--changed=main', 'npx vitest run --changed`'],
  ['--watch', 'npx vitest --watch'],
  ['-w', 'npx vitest -w'],
  ['--ui', 'npx vitest --ui'],
  ['--project=unit', 'npx vitest run --project'],
  ['-u', 'npx vitest run -u'],
  ['--coverage', 'Set `test.coverage.enabled` in the Vitest configuration'],
  ['--coverage.enabled', 'Set `test.coverage.enabled` in the Vitest configuration'],
  ['--retry=2', '`test.retry`'],
  ['--testTimeout=10', '`test.testTimeout`'],
  ['--test-timeout=10', '`test.testTimeout`'],
  ['--no-isolate', '`test.isolate`'],
  ['--sequence.shuffle', '`test.sequence`'],
  ['--pool=threads', '`test.pool`'],
  ['--passWithNoTests', '`test.passWithNoTests`'],
  ['--reporter=junit', '`test.reporters`'],
  ['--outputFile=x', '--report-dir'],
  ['--testNamePattern=x', '`--name`'],
  ['-c', '`--config`'],
  ['--root=.', 'name the folder as a path'],
  ['--run', 'never watches'],
])('%s of Vitest is refused with what to do instead', async (option, instead) => {
  const refusal = { code: 'E_USAGE', hint: expect.stringContaining(instead) as string }
  await expect(shakedown.run('run', option)).rejects.toMatchObject(refusal)
  await expect(shakedown.run('run', '--', option)).rejects.toMatchObject(refusal)
})

test.each([
  ['--shard=1/2', '--shard'],
  ['--bail', '--bail'],
  ['--name=x', '--name'],
  ['-t', '-t'],
  ['--no-files', '--no-files'],
])('%s of ours after `--` is to be written before it', async (option, name) => {
  await expect(shakedown.run('run', '--', option)).rejects.toMatchObject({
    code: 'E_USAGE',
    hint: `Write it before \`--\`: \`shakedown run ${name}\`.`,
  })
})

test('what follows -- is no option of shakedown either', async () => {
  await expect(shakedown.run('run', '--', '--no-such-thing')).rejects.toMatchObject({
    message: 'Expected files and folders after `--`, got --no-such-thing: nothing is passed on to Vitest.',
  })
})

test('a refusal says where help is', async () => {
  await expect(shakedown.run('runs', '--jsn')).rejects.toMatchObject({
    hint: '`shakedown runs --help` lists what there is.',
  })
})
