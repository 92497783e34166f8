import { expect, test } from 'vitest'
import { memoryAudit } from '../../../src/audit/memory/memory-audit.ts'
import { openSqliteAudit } from '../../../src/audit/sqlite/sqlite-audit.ts'
import { manualClock } from './manual-clock.ts'
import { runChildren } from './sqlite/run-children.ts'
import { failedRun, wholeRun } from './sample-records.ts'
import { temporaryFile } from './temporary-file.ts'

test(
  'many processes can copy runs into one file at once, and none is lost or changed',
  { timeout: 60_000 },
  async () => {
    const file = temporaryFile()
    const children = await runChildren(4, 'copy-runs.ts', () => [file, '25'])
    expect(children.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array.from({ length: 4 }, () => ({ code: 0, stderr: '' })),
    )
    const memory = memoryAudit()
    for (const record of [...wholeRun('completed'), ...failedRun('failed')]) memory.append(record)
    const audit = openSqliteAudit(file, { clock: manualClock() })
    const runIds = children.flatMap(({ stdout }) => stdout.trim().split('\n'))
    expect(new Set(runIds).size).toBe(100)
    for (const runId of runIds) {
      const trail = audit.trail(runId)
      expect(trail).toEqual({ ...memory.trail(trail!.status), runId })
    }
    expect(audit.runs({ limit: 1000 })).toHaveLength(100)
    expect(audit.conservation()).toEqual({ tokens: 100, outcomes: 100, open: [], ok: true })
    await audit.close()
  },
)
