import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { openSqliteAudit, type SqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { openForWriting } from '../../../../src/audit/sqlite/file/open-file.ts'
import { MIGRATIONS } from '../../../../src/audit/sqlite/file/schema.ts'
import { asUnprivileged, needsModes } from './as-unprivileged.ts'
import { manualClock } from '../manual-clock.ts'
import { runChildren } from './run-children.ts'
import { wholeRun } from '../sample-records.ts'
import { temporaryDirectory, temporaryFile } from '../temporary-file.ts'
import { needs } from '../../../support/systems.ts'

const clock = manualClock()

function open(file: string, notices: string[] = []): SqliteAudit {
  return openSqliteAudit(file, { clock, onNotice: (message) => notices.push(message) })
}

/** An audit file with one run in it. */
async function auditFile(): Promise<string> {
  const audit = open(temporaryFile())
  for (const record of wholeRun('r1')) audit.append(record)
  await audit.close()
  return audit.file
}

/** Changes a file by hand, through SQLite. */
function edit(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

function refused(file: string): { code: string; message: string; hint: string } {
  try {
    open(file)
  } catch (thrown) {
    return thrown as { code: string; message: string; hint: string }
  }
  throw new Error(`expected ${file} to be refused, it was opened`)
}

test('a new file is created, with its directories', async () => {
  const file = join(temporaryDirectory(), 'some', 'where', 'runs.db')
  const audit = open(file)
  expect(audit.file).toBe(file)
  await audit.close()
  expect(readdirSync(dirname(file))).toEqual(['runs.db'])
})

test('a file of no bytes is filled like a new one', async () => {
  const file = temporaryFile()
  writeFileSync(file, '')
  await open(file).close()
  expect(readFileSync(file).length).toBeGreaterThan(0)
})

test('an audit file is opened again with what it holds, and without a notice', async () => {
  const file = await auditFile()
  const notices: string[] = []
  const audit = open(file, notices)
  expect(audit.runs()).toMatchObject([{ runId: 'r1' }])
  expect(notices).toEqual([])
  await audit.close()
})

test('the file uses a write-ahead log, and waits for the disk on every commit only when asked to', () => {
  for (const [synchronous, level] of [
    ['NORMAL', 1],
    ['FULL', 2],
  ] as const) {
    const db = openForWriting(temporaryFile(), { synchronous, wallMs: () => 0, notice: () => undefined })
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('synchronous', { simple: true })).toBe(level)
    db.close()
  }
})

test.for(['', ':memory:', 'file:runs.db', ' runs.db'])('%o is not taken for a path', (file) => {
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_PATH',
    message: `Expected the audit file to be a path on disk, got ${JSON.stringify(file)}.`,
    hint: expect.stringContaining('memoryAudit'),
  })
})

test('an impossible option is refused with its name', () => {
  const file = temporaryFile()
  expect(() => openSqliteAudit(file, { clock, synchronous: 'OFF' as never })).toThrow(/`synchronous`/)
  expect(() => openSqliteAudit(file, { clock, busyTimeout: 1 } as never)).toThrow(
    /Unknown option `busyTimeout`/,
  )
  expect(() => openSqliteAudit(file, {} as never)).toThrow(/`clock`/)
  expect(existsSync(file)).toBe(false)
})

test('a file of a newer version is refused and left untouched', async () => {
  const file = await auditFile()
  edit(file, `PRAGMA user_version = ${MIGRATIONS.length + 3}`)
  const before = readFileSync(file)
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_NEWER',
    message: `Expected the audit file ${file} to be of version ${MIGRATIONS.length} at most, got version ${MIGRATIONS.length + 3}.`,
    hint: expect.stringContaining('Update shakedown'),
  })
  expect(readFileSync(file)).toEqual(before)
})

test('a newer version is also seen when it is in the write-ahead log only', async () => {
  const file = await auditFile()
  const writer = new Database(file)
  writer.pragma('user_version = 99')
  const before = readFileSync(file)
  expect(refused(file).message).toContain('got version 99')
  expect(readFileSync(file)).toEqual(before)
  writer.close()
})

test.for([
  ['tables of its own', 'CREATE TABLE customers (id); INSERT INTO customers VALUES (7)', "holds 'customers'"],
  ['another application id', 'PRAGMA application_id = 1234', 'its application id is 1234'],
  ['a version but no mark', 'PRAGMA user_version = 1', 'its application id is 0'],
] as const)('a database with %s is refused and left untouched', ([, sql, words]) => {
  const file = temporaryFile()
  edit(file, sql)
  const before = readFileSync(file)
  expect(refused(file)).toMatchObject({ code: 'E_AUDIT_FOREIGN', message: expect.stringContaining(words) })
  expect(readFileSync(file)).toEqual(before)
  expect(readdirSync(dirname(file))).toEqual(['runs.db'])
})

test('a damaged database of somebody else is refused too, not set aside', () => {
  const file = temporaryFile()
  edit(file, 'CREATE TABLE customers (id)')
  writeFileSync(file, readFileSync(file).fill(0xff, 100, 300))
  expect(refused(file).code).toBe('E_AUDIT_FOREIGN')
  expect(readdirSync(dirname(file))).toEqual(['runs.db'])
})

const damages: [string, (bytes: Buffer) => Buffer][] = [
  ['that is no database', () => Buffer.from('# Notes\n\nBuy milk.\n')],
  ['with a broken header', (bytes) => bytes.fill('garbage', 0, 32)],
  ['with a broken schema', (bytes) => bytes.fill(0xff, 100, 300)],
  ['with a broken page', (bytes) => bytes.fill(0xff, 2048 * 4, 2048 * 5)],
  ['that was cut short', (bytes) => bytes.subarray(0, 2048 * 3)],
]
test.for(damages)('a file %s is set aside, said so, and a new one started', async ([, damage]) => {
  const file = await auditFile()
  const damaged = damage(readFileSync(file))
  writeFileSync(file, damaged)
  writeFileSync(`${file}-wal`, 'left behind')
  const notices: string[] = []
  const audit = open(file, notices)
  const aside = `${file}.corrupt.2026-01-02T03-04-05.678Z`
  expect(notices).toHaveLength(1)
  expect(notices[0]).toMatch(/^The audit file .*runs\.db is damaged \(.+\)\. It was set aside as /s)
  expect(notices[0]).toContain(aside)
  expect(readFileSync(aside)).toEqual(damaged)
  expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('left behind')
  expect(audit.runs()).toEqual([])
  for (const record of wholeRun('r2')) audit.append(record)
  await audit.close()
  const again = open(file, notices)
  expect(again.runs()).toMatchObject([{ runId: 'r2' }])
  expect(notices).toHaveLength(1)
  await again.close()
})

test('two files set aside within one millisecond get two names', async () => {
  const file = temporaryFile()
  for (let time = 0; time < 2; time++) {
    writeFileSync(file, `not a database, time ${time}`)
    await open(file).close()
  }
  const name = 'runs.db.corrupt.2026-01-02T03-04-05.678Z'
  expect(readdirSync(dirname(file)).toSorted()).toEqual(['runs.db', name, `${name}-2`])
})

test(
  'of many processes that find a file damaged, one sets it aside and all go on',
  { timeout: 60_000 },
  async () => {
    const file = temporaryFile()
    writeFileSync(file, 'not a database')
    const children = await runChildren(4, 'record-runs.ts', (child) => [file, `child-${child}`, '5'])
    // What a child that failed has said is all there is to find out why.
    expect(children.flatMap(({ code, stderr }) => (code === 0 ? [] : [stderr]))).toEqual([])
    expect(children.filter(({ stdout }) => stdout.includes('is damaged'))).toHaveLength(1)
    const [aside, ...others] = readdirSync(dirname(file)).filter((name) => name !== 'runs.db')
    expect(others).toEqual([])
    expect(readFileSync(join(dirname(file), aside!), 'utf8')).toBe('not a database')
    const audit = open(file)
    expect(audit.runs()).toHaveLength(20)
    await audit.close()
  },
)

test('a file whose writer died before it was in write-ahead mode is rolled back and opened', async () => {
  const file = await auditFile()
  const dying = new Database(file)
  dying.pragma('journal_mode = DELETE')
  // So little memory that changes spill into the file before they are committed.
  dying.pragma('cache_size = 1')
  dying.exec(`BEGIN IMMEDIATE; UPDATE runs SET pipeline = 'unfinished';
    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO tokens (run, token_id, seq, at_ms) SELECT i, 't1', 2, 0 FROM n`)
  const copy = join(dirname(file), 'copy.db')
  for (const suffix of ['', '-journal']) writeFileSync(copy + suffix, readFileSync(file + suffix))
  dying.exec('ROLLBACK')
  dying.close()
  expect(readFileSync(copy)).not.toEqual(readFileSync(file))
  const notices: string[] = []
  const audit = open(copy, notices)
  expect(audit.runs()).toMatchObject([{ runId: 'r1', pipeline: 'article' }])
  expect(audit.conservation()).toMatchObject({ tokens: 1, outcomes: 1 })
  expect(notices).toEqual([])
  await audit.close()
})

test('without somebody to tell, a damaged file is said as a warning of the process', async () => {
  const file = temporaryFile()
  writeFileSync(file, 'not a database')
  // Node prints each warning that is really emitted; this suite has to stay clean in its own report.
  using emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  await openSqliteAudit(file, { clock }).close()
  expect(emitWarning.mock.calls).toEqual([[expect.stringContaining('is damaged'), 'AuditWarning']])
})

test('a folder that cannot be made is refused, even where the file system says there is none', (context) => {
  needs(context, 'linux', 'nothing else has /proc')
  expect(() => openSqliteAudit('/proc/shakedown/runs.db', { clock })).toThrow('/proc/shakedown/runs.db')
})

test('a directory in the place of the file is refused', () => {
  const file = temporaryFile()
  mkdirSync(file)
  expect(refused(file).message).toBe(`Expected ${file} to be a file, got a directory.`)
})

test('a file in the place of its directory is refused', () => {
  const file = join(temporaryFile(), 'runs.db')
  writeFileSync(dirname(file), '')
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_OPEN',
    message: expect.stringMatching(new RegExp(`^Expected the audit file ${file} to be writable, got: `)),
    hint: expect.stringContaining('choose another path'),
  })
})

test('a directory or a file that may not be written is refused', async (context) => {
  needsModes(context)
  const file = await auditFile()
  const fresh = join(dirname(file), 'fresh.db')
  chmodSync(file, 0o444)
  chmodSync(dirname(file), 0o555)
  const errors = asUnprivileged(() => [refused(file), refused(fresh)])
  for (const [index, path] of [file, fresh].entries())
    expect(errors[index]).toMatchObject({
      code: 'E_AUDIT_OPEN',
      message: expect.stringMatching(new RegExp(`^Expected the audit file ${path} to be writable, got: `)),
    })
  chmodSync(dirname(file), 0o755)
  expect(readdirSync(dirname(file)).filter((name) => name.startsWith(basename(fresh)))).toEqual([])
  // The same file, once it may be written.
  chmodSync(file, 0o644)
  await open(file).close()
})

test('a file that may not be written is refused when its directory may be', async (context) => {
  needsModes(context)
  const file = await auditFile()
  chmodSync(file, 0o444)
  chmodSync(dirname(file), 0o777)
  expect(asUnprivileged(() => refused(file))).toMatchObject({ code: 'E_AUDIT_OPEN' })
})

test('a file whose lock is not released within two seconds is refused, with what to do', () => {
  const file = temporaryFile()
  const holder = new Database(file)
  holder.exec('BEGIN EXCLUSIVE')
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_BUSY',
    message: `Expected the audit file ${file} to be free within two seconds, got: database is locked.`,
    hint: expect.stringContaining('Another process holds its lock'),
  })
  holder.close()
})

test('a file that somebody is writing at this moment can be opened', async () => {
  const file = await auditFile()
  const writer = new Database(file)
  writer.exec('BEGIN IMMEDIATE')
  const audit = open(file)
  expect(audit.runs()).toHaveLength(1)
  writer.exec('COMMIT')
  writer.close()
  await audit.close()
})
