import { expect, test } from 'vitest'
import { VitestProject } from './vitest-project.ts'

test(
  'coverage lists what scenarios run, and not the scenarios: they are tests',
  { timeout: 60_000 },
  async () => {
    using project = new VitestProject('suite', 5)
    const { output } = await project.vitest(
      'run',
      'good.scenario.yaml',
      'built.scenario.ts',
      '--coverage.enabled',
      '--coverage.provider=v8',
      '--coverage.reportOnFailure',
      '--coverage.reporter=json-summary',
      '--coverage.include=**/*',
    )
    const summary = JSON.parse(project.read('coverage/coverage-summary.json')) as Record<string, unknown>
    const files = Object.keys(summary).map((file) => file.replace(`${project.folder}/`, ''))
    expect(files, output).toContain('send.ts')
    expect(files.filter((file) => file.includes('.scenario.'))).toEqual([])
  },
)
