import { duration, number, problemWords, warningText } from '../../text/words.ts'
import type { Remark, RunReport, SkippedTest } from '../../report/model.ts'
import type { ScenarioItem } from '../../report/scenarios.ts'
import type { CellView, RowView, TableView, Tone } from './page-view.ts'

const SCENARIO_TONE: Readonly<Record<ScenarioItem['status'], Tone>> = {
  passed: 'passed',
  failed: 'failed',
  vacuous: 'warned',
}

const NUMBER = 'number'
/** Left out on a narrow screen. */
const WIDE_NUMBER = 'number wide'

export function scenariosTable(items: readonly ScenarioItem[]): TableView {
  return table(
    'Scenarios, worst first',
    [
      ['Scenario'],
      ['Status'],
      ['Attempts', WIDE_NUMBER],
      ['Faults', WIDE_NUMBER],
      ['Virtual time', WIDE_NUMBER],
      ['Wall time', WIDE_NUMBER],
    ],
    items.toSorted((a, b) => Number(a.status === 'passed') - Number(b.status === 'passed')),
    (item) => ({
      fine: item.status === 'passed',
      cells: [
        cell(item.name, '', item.file),
        badge(SCENARIO_TONE[item.status], item.status, problemWords(item)),
        cell(number(item.attempts), WIDE_NUMBER),
        cell(number(item.faultsFired), WIDE_NUMBER),
        cell(duration(item.virtualMs), WIDE_NUMBER),
        cell(duration(item.wallMs), WIDE_NUMBER),
      ],
    }),
  )
}

export function gatesTable(gates: RunReport['gates']): TableView {
  return table('Gates', [['Gate'], ['Verdict'], ['Limit', NUMBER], ['Actual', NUMBER]], gates, (gate) => ({
    fine: gate.ok,
    cells: [
      cell(gate.name),
      badge(gate.ok ? 'passed' : 'failed', gate.ok ? 'ok' : 'exceeded'),
      cell(number(gate.limit), NUMBER),
      cell(number(gate.actual), NUMBER),
    ],
  }))
}

export function remarksTable(remarks: readonly Remark[]): TableView {
  return table('Remarks', [['Test'], ['Remark']], remarks, (remark) => {
    const { file, test, code, message, location } = remark
    const place = location === null ? file : `${location.file}:${location.line}:${location.column}`
    return {
      fine: false,
      cells: [
        cell(test ?? file, '', test === null && location === null ? '' : place),
        badge('note', code, message),
      ],
    }
  })
}

/** Grouped by file and reason, so that a filter that left out a thousand tests is one row. */
export function skippedTable(skipped: readonly SkippedTest[]): TableView {
  const groups = Map.groupBy(skipped, ({ file, kind, reason }) => JSON.stringify([file, kind, reason]))
  return table(
    'Skipped and deselected tests',
    [['Test'], ['What'], ['Why']],
    [...groups.values()],
    (tests) => {
      const [first] = tests
      const name = tests.length === 1 ? (first?.test ?? '') : `${number(tests.length)} tests`
      return {
        fine: true,
        cells: [
          cell(name, '', first?.file ?? ''),
          badge('note', first?.kind ?? ''),
          cell(first?.reason ?? ''),
        ],
      }
    },
  )
}

export function warningFilesTable(byFile: RunReport['warnings']['byFile']): TableView {
  return table('Warnings by file', [['File'], ['Warnings', NUMBER]], byFile, ({ file, count }) => ({
    fine: true,
    cells: [cell(file), cell(number(count), NUMBER)],
  }))
}

export function warningKindsTable(top: RunReport['warnings']['top']): TableView {
  return table('Most frequent warnings', [['Warning'], ['Count', NUMBER]], top, (warning) => ({
    fine: true,
    cells: [cell(warningText(warning), '', warning.files.join(', ')), cell(number(warning.count), NUMBER)],
  }))
}

export function slowestTable(slowest: RunReport['slowest']): TableView {
  return table('Slowest tests', [['Test'], ['Duration', NUMBER]], slowest, ({ file, test, durationMs }) => ({
    fine: true,
    cells: [cell(test, '', file), cell(duration(durationMs), NUMBER)],
  }))
}

function table<T>(
  caption: string,
  columns: readonly (readonly [label: string, shape?: string])[],
  entries: readonly T[],
  row: (entry: T) => RowView,
): TableView {
  const rows = entries.map(row)
  return {
    caption,
    captionRepeats: true,
    filterable: rows.some(({ fine }) => fine) && rows.some(({ fine }) => !fine),
    columns: columns.map(([label, shape = '']) => ({ label, shape })),
    rows,
  }
}

function cell(text: string, shape = '', under = ''): CellView {
  return { text, under, shape, badges: [] }
}

function badge(tone: Tone, word: string, text = ''): CellView {
  return { text: text === '' ? '' : ` ${text}`, under: '', shape: '', badges: [{ tone, word }] }
}
