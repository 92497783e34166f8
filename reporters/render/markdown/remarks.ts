import { duration, FILE_WORD, number, problemWords, warningText } from '../../text/words.ts'
import { shorten } from '../../text/visible.ts'
import { cell, table } from './text.ts'
import type { FileReport } from '../../report/files.ts'
import type { Remark, RunReport } from '../../report/model.ts'
import type { Detail } from './detail.ts'

/** Cells are for telling things apart, not for reading essays. */
const CELL_CHARS_MAX = 300

/** What a healthy run is worth a look for, as tables, folded away. */
export function remarks(report: RunReport, detail: Detail): string[] {
  const { scenarios, warnings, skipped, slowest, gates, files } = report
  return [
    ...foldedTable('Gates', ['Gate', 'Limit', 'Actual', ''], gates, detail, (gate) => [
      text(gate.name),
      number(gate.limit),
      number(gate.actual),
      gate.ok ? 'ok' : '**exceeded**',
    ]),
    ...foldedTable(
      'Scenarios',
      ['Scenario', 'Status', 'Faults', 'Virtual', 'Wall'],
      scenarios.items,
      detail,
      (item) => [
        `${text(item.name)}<br>${text(item.file)}`,
        item.status === 'passed' ? 'passed' : `**${item.status}** ${text(problemWords(item))}`,
        number(item.faultsFired),
        duration(item.virtualMs),
        duration(item.wallMs),
      ],
    ),
    ...foldedTable('Remarks', ['Test', 'Remark'], report.remarks, detail, (remark) => [
      `${text(remark.test ?? remark.file)}<br>${text(placeOf(remark))}`,
      `${text(remark.code)} ${text(remark.message)}`,
    ]),
    ...foldedTable('Warnings by file', ['File', 'Warnings'], warnings.byFile, detail, ({ file, count }) => [
      text(file),
      number(count),
    ]),
    ...foldedTable('Most frequent warnings', ['Warning', 'Count'], warnings.top, detail, (warning) => [
      text(warningText(warning)),
      number(warning.count),
    ]),
    ...foldedTable(
      'Skipped and deselected',
      ['Test', 'Why'],
      skipped,
      detail,
      ({ file, test, kind, reason }) => [
        `${text(file)} › ${text(test)}`,
        reason === null ? kind : `${kind}: ${text(reason)}`,
      ],
    ),
    ...foldedTable('Slowest tests', ['Test', 'Duration'], slowest, detail, ({ file, test, durationMs }) => [
      `${text(file)} › ${text(test)}`,
      duration(durationMs),
    ]),
    ...foldedTable('Files', ['File', 'Status', 'Tests', 'Duration'], files, detail, fileCells),
  ]
}

function placeOf({ file, location }: Remark): string {
  return location === null ? file : `${location.file}:${location.line}:${location.column}`
}

function fileCells({ path, status, tests, durationMs }: FileReport): string[] {
  return [
    text(path),
    status === 'passed' || status === 'skipped' ? status : `**${FILE_WORD[status]}**`,
    number(tests),
    duration(durationMs),
  ]
}

function text(value: string): string {
  return cell(shorten(value, CELL_CHARS_MAX))
}

function foldedTable<T>(
  title: string,
  columns: readonly string[],
  entries: readonly T[],
  { entriesMax }: Detail,
  cells: (entry: T) => readonly string[],
): string[] {
  if (entries.length === 0) return []
  const rows = entries.slice(0, entriesMax).map(cells)
  const left = entries.length - rows.length
  return [
    `<details><summary>${title} (${number(entries.length)})</summary>`,
    table(columns, rows),
    ...(left > 0 ? [`… and ${number(left)} more.`] : []),
    '</details>',
  ]
}
