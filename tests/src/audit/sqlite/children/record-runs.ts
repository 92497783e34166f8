import { openSqliteAudit } from '../../../../../src/audit/sqlite/sqlite-audit.ts'
import { systemWorld } from '../../../../../src/world/system-world.ts'
import { wholeRun } from '../../sample-records.ts'

// Records whole runs, each record committed before the next: `record-runs.ts FILE PREFIX COUNT`.

const [file = '', prefix = '', count = ''] = process.argv.slice(2)
const audit = openSqliteAudit(file, { clock: systemWorld().clock, onNotice: console.log })
for (let run = 0; run < Number(count); run++)
  for (const record of wholeRun(`${prefix}-${run}`)) {
    audit.append(record)
    await audit.committed(record.runId)
  }
await audit.close()
