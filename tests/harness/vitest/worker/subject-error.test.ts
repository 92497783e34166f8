import { expect, test } from 'vitest'
import { parseReport } from '../../../../reporters/report/parse.ts'
import { renderMarkdown } from '../../../../reporters/render/markdown.ts'
import { VitestProject, versions } from '../vitest-project.ts'

/** Starts a Vitest, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

test.each(versions)(
  'Vitest %i: what a subject itself failed with is shown first, with its causes, its place and its lines',
  async (version) => {
    const options = "{ redact: ['swordfish', 'correct-horse-battery-staple'] }"
    using project = new VitestProject('failing-subjects', version, `shakedown(${options})`)
    const { code, output } = await project.vitest('run')
    expect(code).toBe(1)
    const report = parseReport(project.read('.shakedown/report.json'), 'report.json')
    const [bug, inPipeline, wrapped, other] = report.failures

    const line = (piece: string): number => Number(project.placeOf('subjects.ts', piece).split(':')[0])
    expect(bug?.error).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('reduce'),
      location: { file: 'subjects.ts', line: line('// the bug') },
      codeFrame: expect.stringMatching(/^> 21 \|   return lines!\.reduce\(.*\n +\| +\^/m),
    })
    expect(bug?.moreErrors.map(({ name }) => name)).toEqual(['ScenarioFailure'])
    expect(inPipeline?.error).toMatchObject({
      name: 'TypeError',
      location: { file: 'subjects.ts', line: line('// the missing lines') },
    })
    expect(wrapped?.error).toMatchObject({
      name: 'RangeError',
      causes: [{ name: 'Error', message: expect.stringContaining('ECONNRESET') }],
    })
    expect([other?.error.name, other?.moreErrors[0]?.name]).toEqual(['ScenarioFailure', 'RangeError'])

    const own = report.scenarios.items.map(({ subjectError }) => subjectError)
    expect(own.map((error) => error?.name)).toEqual(['TypeError', 'TypeError', 'RangeError', 'RangeError'])
    expect(own[0]).toEqual(bug?.error)
    // The place of an injected fault is a line of the harness, which is nobody's bug.
    expect(JSON.stringify(own)).not.toMatch(/harness\/|node_modules/)

    const html = project.read('.shakedown/report.html')
    for (const text of [output, project.read('.shakedown/report.md'), renderMarkdown(report)]) {
      expect(text).toMatch(/TypeError: Cannot read properties of undefined[^]*Expected: status to be/)
      expect(text).toMatch(/> 21 \| +return lines!\.reduce/)
    }
    expect(html).toContain('RangeError:</b> order 8 was refused, token [redacted] &lt;b&gt;bold&lt;/b&gt;')
    expect(html).toContain('<pre class="frame">')
    for (const text of [JSON.stringify(report), project.read('.shakedown/report.md'), html])
      expect(text).not.toMatch(/swordfish|correct-/)
  },
  PATIENCE_MS,
)
