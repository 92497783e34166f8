import { writeSync } from 'node:fs'
import { openSqliteAudit } from '../../../../../src/audit/sqlite/sqlite-audit.ts'
import { systemWorld } from '../../../../../src/world/system-world.ts'
import { wholeRun } from '../../sample-records.ts'

// Records runs, several at once, until somebody kills it: `record-until-killed.ts FILE`. After each commit it prints
// the run's id and how many of its records are committed by then.

const RUNS_AT_ONCE = 4
const STDOUT = 1

const [file = ''] = process.argv.slice(2)
const { clock, nextId } = systemWorld()
writeSync(STDOUT, 'opening\n')
const audit = openSqliteAudit(file, { clock })

async function recordRuns(): Promise<never> {
  for (;;) {
    const runId = nextId('run')
    for (const [index, record] of wholeRun(runId).entries()) {
      audit.append(record)
      await audit.committed(runId)
      // Not through a stream: what is printed must not wait in a buffer that dies with the process.
      writeSync(STDOUT, `${runId} ${index + 1}\n`)
    }
  }
}

await Promise.all(Array.from({ length: RUNS_AT_ONCE }, recordRuns))
