import path from 'node:path'
import { expect, test } from 'vitest'
import { lineProject } from '../support/line-project.ts'
import { LINES } from '../support/run-fixture.ts'
import type { Line } from '../support/run-fixture.ts'

const lines = Object.keys(LINES) as Line[]
const waits = (ms: number): string =>
  `import { test } from 'vitest'\ntest('waits', () => new Promise((resolve) => setTimeout(resolve, ${ms})))\n`

test.each(lines)(
  'reports merged by Vitest take as long as Vitest says (%s)',
  { timeout: 60_000 },
  async (line) => {
    using project = lineProject(line, { 'a.test.ts': waits(700), 'b.test.ts': waits(300) })
    const blobs = path.join(project.root, 'blobs')
    for (const index of [1, 2])
      await project.run([
        `--shard=${index}/2`,
        '--reporter=blob',
        `--outputFile=${path.join(blobs, `${index}.json`)}`,
      ])
    const run = await project.run([`--merge-reports=${blobs}`, '--reporter=default'])
    const report = run.report()
    const shown = /Duration\s+([\d.]+)s/.exec(run.output)?.[1]
    expect((report.run.durationMs / 1_000).toFixed(2)).toBe(shown)
    expect(report.run.durationMs).toBeGreaterThan(1_000)
    expect(report.totals).toMatchObject({ files: 2, passed: 2, lost: 0 })
  },
)

test.each(lines)(
  'a test that deletes the report folder costs nothing (%s)',
  { timeout: 60_000 },
  async (line) => {
    using project = lineProject(line, {
      'a.test.ts': `
      import { rmSync } from 'node:fs'
      import { test } from 'vitest'
      test('cleans up', () => rmSync(import.meta.dirname + '/.shakedown', { recursive: true }))`,
      'b.test.ts': waits(1),
    })
    const run = await project.run()
    expect(run.exitCode).toBe(0)
    expect(run.output).toContain('✓ PASSED')
    expect(run.report().totals).toMatchObject({ files: 2, passed: 2 })
    expect(run.journal()).toMatch(/\.jsonl$/)
  },
)
