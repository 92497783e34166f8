import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { migrate } from '../../../../src/audit/sqlite/file/migrate.ts'
import {
  openForReading,
  openForWriting,
  type WritingOptions,
} from '../../../../src/audit/sqlite/file/open-file.ts'
import { MIGRATIONS } from '../../../../src/audit/sqlite/file/schema.ts'
import { temporaryFile } from '../temporary-file.ts'

const options: WritingOptions = { synchronous: 'NORMAL', wallMs: () => 0, notice: () => undefined }

/** Does something to the file right after its application id was read, as another process could. */
function afterReadingTheMark(happens: () => void): void {
  const pragma = Database.prototype.pragma
  const spy = vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (
    this: Database.Database,
    ...call
  ) {
    const answer = pragma.apply(this, call)
    if (call[0] === 'application_id') {
      spy.mockRestore()
      happens()
    }
    return answer
  })
  onTestFinished(() => spy.mockRestore())
}

test('a new file that another process fills while it is looked at is not taken for somebody else’s', () => {
  const file = temporaryFile()
  const other = new Database(file)
  other.pragma('journal_mode = WAL')
  let filled = 0
  afterReadingTheMark(() => (filled = migrate(other)))
  const db = openForWriting(file, options)
  expect(filled).toBe(MIGRATIONS.length)
  expect(db.prepare('SELECT * FROM runs').all()).toEqual([])
  db.close()
  other.close()
})

test('a reader that looks at a new file while another process fills it finds it empty, not somebody else’s', () => {
  const file = temporaryFile()
  const other = new Database(file)
  other.pragma('journal_mode = WAL')
  afterReadingTheMark(() => migrate(other))
  expect(() => openForReading(file)).toThrow(expect.objectContaining({ code: 'E_AUDIT_MISSING' }))
  openForReading(file).close()
  other.close()
})

test('a database that somebody else makes while the file is waited for is refused and left untouched', () => {
  const file = temporaryFile()
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE; CREATE TABLE customers (id)')
  let before = Buffer.of()
  using wait = vi.spyOn(Atomics, 'wait').mockImplementationOnce(() => {
    other.exec('COMMIT')
    before = readFileSync(file)
    return 'timed-out'
  })
  expect(() => openForWriting(file, options)).toThrow(
    expect.objectContaining({
      code: 'E_AUDIT_FOREIGN',
      message: expect.stringContaining("holds 'customers'"),
    }),
  )
  expect(wait).toHaveBeenCalledOnce()
  expect(readFileSync(file)).toEqual(before)
  other.close()
})
