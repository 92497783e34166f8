import { copyTrail } from '../../../../../src/audit/copy-trail.ts'
import { memoryAudit } from '../../../../../src/audit/memory/memory-audit.ts'
import { openSqliteAudit } from '../../../../../src/audit/sqlite/sqlite-audit.ts'
import { systemWorld } from '../../../../../src/world/system-world.ts'
import { failedRun, wholeRun } from '../../sample-records.ts'

// What a worker does with its scenarios' runs: records them in memory and copies them: `copy-runs.ts FILE COUNT`.

const [file = '', count = ''] = process.argv.slice(2)
const { clock, nextId } = systemWorld()
const audit = openSqliteAudit(file, { clock })
const copies = Array.from({ length: Number(count) }, async (_, scenario) => {
  const memory = memoryAudit()
  for (const record of scenario % 2 === 0 ? wholeRun('run-1') : failedRun('run-1')) memory.append(record)
  const trail = memory.trail('run-1')
  if (trail === undefined) throw new Error('expected the run that was just recorded')
  const runId = nextId('run')
  await copyTrail(trail, audit, runId)
  return runId
})
for (const runId of await Promise.all(copies)) console.log(runId)
await audit.close()
