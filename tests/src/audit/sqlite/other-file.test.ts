import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { manualClock } from '../manual-clock.ts'
import { temporaryDirectory } from '../temporary-file.ts'

const clock = manualClock()

test.for(['orders.csv', 'package.json', 'notes'])(
  '%s, which is no database, is refused and left untouched',
  (name) => {
    const file = join(temporaryDirectory(), name)
    writeFileSync(file, 'id,customer\n7,Ada\n')
    expect(() => openSqliteAudit(file, { clock })).toThrow(
      expect.objectContaining({ code: 'E_AUDIT_NOT_A_DATABASE' }),
    )
    expect(readFileSync(file, 'utf8')).toBe('id,customer\n7,Ada\n')
    expect(readdirSync(dirname(file))).toEqual([name])
  },
)

test('an audit file of any name is set aside when what is beside it says that it was one', async () => {
  const file = join(temporaryDirectory(), 'trail')
  writeFileSync(file, 'garbage')
  writeFileSync(`${file}-wal`, 'left behind')
  const notices: string[] = []
  await openSqliteAudit(file, { clock, onNotice: (message) => notices.push(message) }).close()
  expect(notices).toEqual([expect.stringContaining('It was set aside as')])
})
