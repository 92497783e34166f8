import { count, duration, FILE_WORD, number, parts, TEST_WORD } from '../../text/words.ts'
import type { RunReport, Totals } from '../../report/model.ts'
import type { BarSegmentView, TileView, Tone } from './page-view.ts'

/** A share smaller than this, in percent, would be too thin to see. */
const SEGMENT_PERCENT_MIN = 0.6

/** The numbers to see first. Trouble that did not happen has no tile: on a good day there are few. */
export function overviewTiles(report: RunReport): TileView[] {
  const { totals, scenarios, warnings, asyncErrors, timeouts } = report
  const lost = parts([
    [totals.lost, FILE_WORD.lost],
    [totals.notRun, FILE_WORD.notRun],
  ]).join(', ')
  const troubles = [
    tile('Tests failed', totals.failed, '', 'failed'),
    tile('Timeouts', timeouts.length, '', 'timeout'),
    tile('Async errors', asyncErrors.length, '', 'failed'),
    tile('Flaky', totals.flaky, 'passed when tried again', 'warned'),
    tile('Warnings', warnings.total, `from ${count(warnings.byFile.length, 'file')}`, 'warned'),
  ]
  return [
    tile('Files', totals.files, lost, totals.lost > 0 ? 'lost' : 'note'),
    tile('Tests', totals.tests, `${number(totals.passed)} passed`, 'note'),
    ...troubles.filter(({ value }) => value !== '0'),
    ...(scenarios.total > 0 ? scenarioTiles(scenarios) : []),
  ]
}

function scenarioTiles(scenarios: RunReport['scenarios']): TileView[] {
  const { total, passed, failed, vacuous, virtualMs, wallMs, faultsFired } = scenarios
  const results = parts([
    [passed, 'passed'],
    [failed, 'failed'],
    [vacuous, 'vacuous'],
  ])
  const tone: Tone = failed > 0 ? 'failed' : vacuous > 0 ? 'warned' : 'passed'
  return [
    tile('Scenarios', total, results.join(', '), tone),
    tile('Faults fired', faultsFired, '', 'note'),
    { label: 'Virtual time', value: duration(virtualMs), detail: `in ${duration(wallMs)}`, tone: 'note' },
  ]
}

function tile(label: string, value: number, detail: string, tone: Tone): TileView {
  return { label, value: number(value), detail, tone }
}

/** All tests as one bar, worst first. */
export function overviewBar(totals: Totals): BarSegmentView[] {
  const shares: readonly (readonly [count: number, word: string, tone: Tone])[] = [
    [totals.failed, TEST_WORD.failed, 'failed'],
    [totals.timedOut, TEST_WORD.timeout, 'timeout'],
    [totals.unfinished, TEST_WORD.unfinished, 'lost'],
    [totals.skipped, TEST_WORD.skipped, 'note'],
    [totals.todo + totals.deselected, `${TEST_WORD.todo} or ${TEST_WORD.deselected}`, 'note'],
    [totals.flaky, TEST_WORD.flaky, 'warned'],
    [totals.passed - totals.flaky, TEST_WORD.passed, 'passed'],
  ]
  const present = shares.filter(([value]) => value > 0)
  const percents = present.map(([value]) => Math.max(SEGMENT_PERCENT_MIN, (value / totals.tests) * 100))
  const scale = 100 / percents.reduce((sum, percent) => sum + percent, 0)
  let x = 0
  return present.map(([value, word, tone], index) => {
    const width = (percents[index] ?? 0) * scale
    const segment = { tone, label: `${number(value)} ${word}`, x: round(x), width: round(width) }
    x += width
    return segment
  })
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}
