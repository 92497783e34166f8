import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteAudit, systemWorld } from '../../../../src/index.ts'
import { needs } from '../../../support/systems.ts'
import { CliProject } from '../cli-project.ts'
import { expectOneScreen, unwrapped } from '../one-screen.ts'

/** Each of these starts a real process, most of them two, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

async function auditFile(project: CliProject): Promise<string> {
  const file = project.path('.shakedown/runs.db')
  await openSqliteAudit(file, { clock: systemWorld().clock }).close()
  return file
}

test.each([
  ['runs', ['runs']],
  ['explain', ['explain', 'run-1']],
  ['run', ['run', 'missing-export']],
])(
  'an audit database of a newer version is refused by %s, and not touched',
  async (_command, args) => {
    using project = new CliProject('bad-input')
    const file = await auditFile(project)
    const database = new Database(file)
    database.pragma('user_version = 99')
    database.pragma('journal_mode = DELETE')
    database.close()
    const before = readFileSync(file)
    const said = await project.run(args)
    expectOneScreen(said, 'E_AUDIT_NEWER')
    expect(unwrapped(said)).toContain('got version 99')
    expect(readFileSync(file).equals(before)).toBe(true)
  },
  PATIENCE_MS,
)

test.each([
  ['runs', ['runs']],
  ['explain', ['explain', 'run-1']],
])('a corrupt audit database is refused by %s, and not touched', async (_command, args) => {
  using project = new CliProject('bad-input')
  const garbage = 'this was a database once, before the disk had its say '.repeat(100)
  project.write('.shakedown/runs.db', garbage)
  const said = await project.run(args)
  expectOneScreen(said, 'E_AUDIT_NOT_A_DATABASE')
  expect(project.read('.shakedown/runs.db')).toBe(garbage)
})

test.for<[string, string[]]>([
  ['runs', ['runs', '--db']],
  ['explain', ['explain', 'run-1', '--db']],
])(
  'a named pipe in the place of the audit database is refused by %s, and not waited for',
  async ([, args], context) => {
    needs(context, 'posix', 'Windows has no named pipes in its file system')
    using project = new CliProject('bad-input')
    const pipe = project.path('pipe.db')
    execFileSync('mkfifo', [pipe])
    const said = await project.run([...args, pipe])
    expectOneScreen(said, 'E_AUDIT_OPEN')
    expect(unwrapped(said)).toContain('to be a file, got a named pipe')
  },
)

test.each([
  ['runs', ['runs', '--db']],
  ['explain', ['explain', 'run-1', '--db']],
])('an audit database that lacks a table is refused by %s in one sentence', async (_command, args) => {
  using project = new CliProject('bad-input')
  const file = await auditFile(project)
  const database = new Database(file)
  database.exec('DROP TABLE outcomes')
  database.close()
  const said = await project.run([...args, file])
  expectOneScreen(said, 'E_AUDIT_INCOMPLETE')
  expect(unwrapped(said)).toContain('no such table: outcomes')
})

test(
  'a corrupt audit database does not stop a run: it is set aside, and that is said',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('.shakedown/runs.db', 'garbage')
    const said = await project.run(['run', 'good.scenario.yaml'])
    expect(unwrapped(said)).toContain(
      'runs.db is damaged. It is set aside as runs.db.corrupt.<time> and a new one is started.',
    )
    expect(said.exitCode).toBe(0)
  },
  PATIENCE_MS,
)

test('an audit database that is not there is no reason to create one', async () => {
  using project = new CliProject()
  const said = await project.run(['runs'])
  expectOneScreen(said, 'E_AUDIT_MISSING')
  expect(unwrapped(said)).toContain('createEngine({ audit: FILE })')
  expect(project.has('.shakedown')).toBe(false)
})
