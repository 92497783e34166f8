import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { openSqliteAuditReader } from '../../../../src/audit/sqlite/sqlite-audit-reader.ts'
import { needs } from '../../../support/systems.ts'
import { manualClock } from '../manual-clock.ts'
import { wholeRun } from '../sample-records.ts'
import { temporaryFile } from '../temporary-file.ts'

const clock = manualClock()
const openers: [string, (file: string) => unknown][] = [
  ['writing', (file) => openSqliteAudit(file, { clock })],
  ['reading', (file) => openSqliteAuditReader(file)],
]

function refusal(open: () => unknown): unknown {
  try {
    open()
  } catch (thrown) {
    return thrown
  }
  throw new Error('expected the file to be refused, it was opened')
}

async function auditFile(): Promise<string> {
  const audit = openSqliteAudit(temporaryFile(), { clock })
  for (const record of wholeRun('r1')) audit.append(record)
  await audit.close()
  return audit.file
}

test.for(openers)('a named pipe is refused for %s at once, not waited for', ([, open], context) => {
  needs(context, 'posix', 'Windows has neither named pipes nor sockets in its file system')
  const file = temporaryFile()
  execFileSync('mkfifo', [file])
  expect(refusal(() => open(file))).toMatchObject({
    code: 'E_AUDIT_OPEN',
    message: `Expected ${file} to be a file, got a named pipe.`,
  })
})

test.for(openers)('a socket is refused for %s', async ([, open], context) => {
  needs(context, 'posix', 'Windows has neither named pipes nor sockets in its file system')
  const file = temporaryFile()
  const server = createServer().listen(file)
  await new Promise((resolve) => server.once('listening', resolve))
  expect(refusal(() => open(file))).toMatchObject({ message: `Expected ${file} to be a file, got a socket.` })
  server.close()
})

test.for(
  openers.flatMap(([purpose, open]) =>
    ['tokens', 'attempts', 'step_ends'].map((name) => [purpose, name, open] as const),
  ),
)('for %s, a file without its %s is refused in one sentence, and not touched', async ([, name, open]) => {
  const file = await auditFile()
  const db = new Database(file)
  db.pragma('journal_mode = DELETE')
  db.exec(name === 'step_ends' ? `DROP VIEW ${name}` : `ALTER TABLE ${name} RENAME TO elsewhere`)
  db.close()
  const before = readFileSync(file)
  expect(refusal(() => open(file))).toMatchObject({
    code: 'E_AUDIT_INCOMPLETE',
    message: expect.stringMatching(/to have all its tables and columns, got: (no such|.*has no)/) as string,
    hint: expect.stringContaining('Move it away') as string,
  })
  expect(readFileSync(file).length).toBe(before.length)
})

test.for(openers)(
  'for %s, a file that lacks a column is refused like one that lacks a table',
  async ([, open]) => {
    const file = await auditFile()
    const db = new Database(file)
    db.exec(
      'DROP VIEW step_ends; ALTER TABLE attempts DROP COLUMN visit; CREATE VIEW step_ends AS SELECT * FROM steps',
    )
    db.close()
    expect(refusal(() => open(file))).toMatchObject({ code: 'E_AUDIT_INCOMPLETE' })
  },
)
