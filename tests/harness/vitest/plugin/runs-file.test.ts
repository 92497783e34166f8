import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareRunsFile } from '../../../../harness/vitest/plugin/runs-file.ts'
import { openSqliteAuditReader } from '../../../../src/index.ts'
import { VitestProject } from '../vitest-project.ts'

test('a database of the usual size is kept; one beyond the limit is started anew, with what lies beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-runs-'))
  const file = prepareRunsFile(folder)
  expect(file).toBe(join(folder, 'runs.db'))
  writeFileSync(file, 'x')
  prepareRunsFile(folder)
  expect(existsSync(file)).toBe(true)
  writeFileSync(`${file}-wal`, 'x')
  truncateSync(file, 67_108_865)
  prepareRunsFile(folder)
  expect([existsSync(file), existsSync(`${file}-wal`)]).toEqual([false, false])
  rmSync(folder, { recursive: true })
})

test(
  'a database that cannot be written fails no scenario and is said once',
  { timeout: 60_000 },
  async () => {
    using project = new VitestProject('suite', 5)
    mkdirSync(project.path('.shakedown/runs.db'), { recursive: true })
    const { code, output } = await project.vitest('run', 'good.scenario')
    expect(code).toBe(0)
    expect(output.match(/ShakedownWarning: Runs of scenarios are not kept: /g)).toHaveLength(1)
  },
)

test('a secret of the configuration is hidden in the runs that are kept', { timeout: 60_000 }, async () => {
  using project = new VitestProject('suite', 5, "shakedown({ print: false, redact: ['tides'] })")
  await project.vitest('run', 'good.scenario', '-t', 'a step of ours')
  const audit = openSqliteAuditReader(project.path('.shakedown/runs.db'))
  const [run] = audit.runs()
  expect(audit.trail(run!.runId)).toMatchObject({
    input: { json: '"[redacted]"' },
    output: { json: '"all about [redacted]"' },
  })
  audit.close()
})
