import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteAudit, type SqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { openSqliteAuditReader } from '../../../../src/audit/sqlite/sqlite-audit-reader.ts'
import { APPLICATION_ID, MIGRATIONS } from '../../../../src/audit/sqlite/file/schema.ts'
import { asUnprivileged, needsModes } from './as-unprivileged.ts'
import { manualClock } from '../manual-clock.ts'
import { wholeRun } from '../sample-records.ts'
import { temporaryFile } from '../temporary-file.ts'

function writing(file = temporaryFile()): SqliteAudit {
  return openSqliteAudit(file, { clock: manualClock() })
}

async function auditFile(): Promise<string> {
  const audit = writing()
  for (const record of wholeRun('r1')) audit.append(record)
  await audit.close()
  return audit.file
}

/** The refusal of a file, with what it was and what it is then: they must be the same. */
function refused(file: string): unknown {
  const look = (): unknown => [readdirSync(dirname(file)), tryRead(file)]
  const before = look()
  let refusal: unknown
  try {
    openSqliteAuditReader(file).close()
  } catch (thrown) {
    refusal = thrown
  }
  expect(look()).toEqual(before)
  return refusal
}

function tryRead(file: string): Buffer | string {
  try {
    return readFileSync(file)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code ?? 'unreadable'
  }
}

test('a reader sees what a writer has committed, while it goes on writing', async () => {
  const audit = writing()
  for (const record of wholeRun('r1')) audit.append(record)
  const reader = openSqliteAuditReader(audit.file)
  expect(reader.runs()).toEqual([])
  await audit.close()
  expect(reader.file).toBe(audit.file)
  expect(reader.runs()).toMatchObject([{ runId: 'r1', status: 'completed' }])
  expect(reader.trail('r1')).toMatchObject({ finishedSeq: 7 })
  expect(reader.conservation()).toMatchObject({ tokens: 1, outcomes: 1, ok: true })
  reader.close()
  reader.close()
  expect(() => reader.runs()).toThrow('it was closed')
})

test('a reader keeps nobody from writing, even in the middle of a list', async () => {
  const file = await auditFile()
  const reader = openSqliteAuditReader(file)
  const clock = manualClock()
  const audit = openSqliteAudit(file, { clock })
  expect(reader.runs()).toHaveLength(1)
  for (const record of wholeRun('r2')) audit.append(record)
  clock.endTurn()
  expect(clock.waits()).toEqual([])
  expect(reader.runs()).toHaveLength(2)
  await audit.close()
  reader.close()
})

test('a missing file is refused, not created', () => {
  const file = temporaryFile()
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_MISSING',
    message: `Expected an audit file at ${file}, got nothing there.`,
  })
})

test('an empty file is refused, not filled', () => {
  const file = temporaryFile()
  writeFileSync(file, '')
  expect(refused(file)).toMatchObject({ code: 'E_AUDIT_MISSING' })
})

test('a file that is no database is refused, not set aside', () => {
  const file = temporaryFile()
  writeFileSync(file, '# Notes\n')
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_NOT_A_DATABASE',
    message: expect.stringContaining('file is not a database'),
  })
})

test('a directory is refused', () => {
  const file = temporaryFile()
  mkdirSync(file)
  expect(refused(file)).toMatchObject({ code: 'E_AUDIT_OPEN' })
})

test('a database of another application is refused', () => {
  const file = temporaryFile()
  const db = new Database(file)
  db.exec('CREATE TABLE customers (id)')
  db.close()
  expect(refused(file)).toMatchObject({ code: 'E_AUDIT_FOREIGN' })
})

test('a newer version is refused with both versions', async () => {
  const file = temporaryFile()
  const db = new Database(file)
  db.exec(`CREATE TABLE runs (id); PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 99`)
  db.close()
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_NEWER',
    message: expect.stringContaining(`version ${MIGRATIONS.length} at most, got version 99`),
  })
})

test('an older version is refused with what brings it up to date', async () => {
  const file = temporaryFile()
  const db = new Database(file)
  db.exec(`CREATE TABLE runs (id); PRAGMA application_id = ${APPLICATION_ID}`)
  db.close()
  expect(refused(file)).toMatchObject({
    code: 'E_AUDIT_OLDER',
    message: expect.stringContaining(`version ${MIGRATIONS.length}, got version 0`),
    hint: expect.stringContaining('Record a run'),
  })
})

test('a file in a directory that may not be written is refused with a way round', async (context) => {
  needsModes(context)
  const file = await auditFile()
  chmodSync(dirname(file), 0o555)
  expect(asUnprivileged(() => refused(file))).toMatchObject({
    code: 'E_AUDIT_OPEN',
    message: expect.stringContaining(`Expected the audit file ${file} to be readable, got: `),
    hint: expect.stringContaining('copy it to one that does'),
  })
  chmodSync(dirname(file), 0o755)
  openSqliteAuditReader(file).close()
})

test('damage that shows only on reading is told with the file and a way out', async () => {
  const file = await auditFile()
  const db = new Database(file)
  const pageBytes = db.pragma('page_size', { simple: true }) as number
  const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'").pluck().get() as number
  db.close()
  writeFileSync(file, readFileSync(file).fill(0xff, (root - 1) * pageBytes, root * pageBytes))
  const reader = openSqliteAuditReader(file)
  expect(() => reader.runs()).toThrow(
    expect.objectContaining({
      code: 'E_AUDIT_READ',
      message: expect.stringContaining(`Expected to read the audit file ${file}, got: `),
      hint: expect.stringContaining('.recover'),
    }),
  )
  expect(reader.trail('r9')).toBeUndefined()
  reader.close()
})
