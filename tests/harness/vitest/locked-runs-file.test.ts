import Database from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseReport } from '../../../reporters/report/parse.ts'
import { openSqliteAudit } from '../../../src/audit/sqlite/sqlite-audit.ts'
import { systemWorld } from '../../../src/index.ts'
import { VitestProject } from './vitest-project.ts'

test(
  'a database that another process keeps locked costs no scenario its time: it is said once, and the run passes',
  { timeout: 60_000 },
  async () => {
    using project = new VitestProject('suite', 5)
    // Two runs of the engine in one file: the second must not wait again.
    const good = project.read('good.scenario.yaml')
    const ours = good.slice(good.indexOf('name: a step of ours'))
    project.write('good.scenario.yaml', `${good}---\n${ours.replace('of ours', 'once more')}`)
    const file = project.path('.shakedown/runs.db')
    await openSqliteAudit(file, { clock: systemWorld().clock }).close()
    const holder = new Database(file)
    try {
      holder.exec('BEGIN IMMEDIATE')
      const { code, output } = await project.vitest('run', 'good.scenario', '--test-timeout=2500')
      expect(output).not.toContain('timed out')
      expect(output.split('Runs of scenarios are not kept')).toHaveLength(2)
      expect(code).toBe(0)
    } finally {
      holder.close()
    }
    const report = parseReport(readFileSync(path.join(project.folder, '.shakedown/report.json'), 'utf8'), 'r')
    const waits = report.slowest.filter(({ durationMs }) => durationMs >= 900)
    expect(waits).toHaveLength(1)
  },
)
