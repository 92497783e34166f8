import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteAudit } from '../../../../../src/audit/sqlite/sqlite-audit.ts'
import { migrate } from '../../../../../src/audit/sqlite/file/migrate.ts'
import { APPLICATION_ID, MIGRATIONS } from '../../../../../src/audit/sqlite/file/schema.ts'
import { manualClock } from '../../manual-clock.ts'
import { runChildren } from '../run-children.ts'
import { temporaryFile } from '../../temporary-file.ts'

const STEPS = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y', 'CREATE TABLE b (z)']

function connect(file = temporaryFile()): Database.Database {
  const db = new Database(file)
  onTestFinished(() => {
    db.close()
  })
  return db
}

function schema(db: Database.Database): unknown {
  return db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()
}

test('migrating brings a file to the newest version and marks it as ours', () => {
  const db = connect()
  expect(migrate(db)).toBe(MIGRATIONS.length)
  expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
  expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
})

test('migrating again changes nothing', () => {
  const db = connect()
  migrate(db)
  const before = [schema(db), db.pragma('schema_version')]
  expect(migrate(db)).toBe(MIGRATIONS.length)
  expect([schema(db), db.pragma('schema_version')]).toEqual(before)
})

test('only what a file has not seen is applied, whatever version it starts from', () => {
  const whole = connect()
  migrate(whole, STEPS)
  for (let seen = 0; seen <= STEPS.length; seen++) {
    const db = connect()
    migrate(db, STEPS.slice(0, seen))
    expect(migrate(db, STEPS)).toBe(STEPS.length)
    expect(schema(db)).toEqual(schema(whole))
  }
})

test('a migration that fails leaves the file as it was', () => {
  const db = connect()
  migrate(db, STEPS.slice(0, 1))
  const before = schema(db)
  expect(() => migrate(db, [...STEPS, 'CREATE TABLE a (x)'])).toThrow('table a already exists')
  expect([schema(db), db.pragma('user_version', { simple: true })]).toEqual([before, 1])
})

test('a file of a newer version is left alone, and its version told', () => {
  const db = connect()
  migrate(db, STEPS)
  expect(migrate(db, STEPS.slice(0, 1))).toBe(3)
  expect(db.pragma('user_version', { simple: true })).toBe(3)
})

test('many processes can open a new file for the first time at once', { timeout: 60_000 }, async () => {
  const file = temporaryFile()
  const children = await runChildren(4, 'record-runs.ts', (child) => [file, `child-${child}`, '5'])
  expect(children.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    Array.from({ length: 4 }, () => ({ code: 0, stderr: '' })),
  )
  const audit = openSqliteAudit(file, { clock: manualClock() })
  expect(audit.runs({ limit: 100 })).toHaveLength(20)
  expect(audit.conservation()).toMatchObject({ tokens: 20, outcomes: 20, ok: true })
  await audit.close()
})
