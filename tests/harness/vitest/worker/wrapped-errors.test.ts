import { expect, test } from 'vitest'
import { parseReport } from '../../../../reporters/report/parse.ts'
import { VitestProject, versions } from '../vitest-project.ts'

/** Starts a Vitest, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

test.each(versions)(
  'Vitest %i: what failed below a loop, route, parallel node or fallback is told with its place, lines, code and causes',
  async (version) => {
    using project = new VitestProject('wrapped-subjects', version, 'shakedown()')
    const { code, output } = await project.vitest('run')
    expect(code).toBe(1)
    const report = parseReport(project.read('.shakedown/report.json'), 'report.json')
    const lineOf = (piece: string): number => Number(project.placeOf('subjects.ts', piece).split(':')[0])
    const [step, fetching, socket, adapter] = [
      lineOf('// where steps'),
      lineOf('// where the fetch'),
      lineOf('// where the socket'),
      lineOf('// where adapters'),
    ]

    const told = report.failures.map(({ error }) =>
      error.causes.map(({ message, location }) => [message, location?.line]),
    )
    const reset = [
      ['fetch failed', fetching],
      ['read failed (ECONNRESET)', socket],
    ]
    expect(told).toEqual([
      [['body is broken', step]],
      [
        ['one is away (ECONNREFUSED)', adapter],
        ['two is away (ECONNREFUSED)', adapter],
      ],
      reset,
      [['a is broken', step], ['b is broken', step], ...reset, ['and 2 more', undefined]],
      [['first is broken', step], ...reset],
    ])
    expect(report.failures.map(({ error }) => error)).toMatchObject(
      report.scenarios.items.map(({ subjectError }) => ({ causes: subjectError?.causes })),
    )
    // Each place has its lines once.
    const framed = report.failures[3]?.error.causes.map(
      ({ codeFrame }) => /^> *(\d+)/m.exec(codeFrame ?? '')?.[1],
    )
    expect(framed).toEqual([String(step), undefined, String(fetching), String(socket), undefined])

    const summary = output.slice(output.indexOf('── FAILURE SUMMARY'))
    for (const text of [
      summary,
      project.read('.shakedown/report.md'),
      project.read('.shakedown/report.html'),
    ])
      for (const line of [step, fetching, socket, adapter]) {
        expect(text).toContain(`subjects.ts:${line}:`)
        expect(text).toMatch(new RegExp(`^.*(?:>|&gt;) +${line} \\| `, 'm'))
      }
    for (const line of summary.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(summary).toMatch(
      /Cause +: Error: read failed \(ECONNRESET\)\n +At +: subjects.ts:\d+:\d+\n[^]*?> \d+ \|/,
    )
    // Told once: the check says that it failed, and what with is above it.
    expect(summary.match(/all adapters failed: one: one is away/g)).toHaveLength(1)
    expect(summary).toContain('Also    : The subject failed; say `expect: { status: failed')
    expect(summary).not.toContain('1. Error')
  },
  PATIENCE_MS,
)
