import {
  duration,
  exitCodeWords,
  FLAKY_TITLE,
  headline,
  number,
  parts,
  provenance,
} from '../../text/words.ts'
import { asyncErrorEntry, failureEntry, flakyEntry, timeoutEntry } from './entries.ts'
import { filesView } from './files.ts'
import { overviewBar, overviewTiles } from './overview.ts'
import {
  gatesTable,
  remarksTable,
  scenariosTable,
  skippedTable,
  slowestTable,
  warningFilesTable,
  warningKindsTable,
} from './tables.ts'
import type { RunReport } from '../../report/model.ts'
import type { EntryView, PageView, SectionView, TableView } from './page-view.ts'

/** Entries per section; more would make a page that no browser scrolls gladly. report.json has them all. */
const ENTRIES_MAX = 1_000
const ROWS_MAX = 2_000

const TONE = { passed: 'passed', failed: 'failed', incomplete: 'lost', empty: 'warned' } as const

/** Everything the page shows, failures first. */
export function pageView(report: RunReport, reportDir?: string): PageView {
  const { run } = report
  const sections = [
    entries('failures', 'Failures', report.failures, (entry, index) => failureEntry(entry, index, reportDir)),
    entries('timeouts', 'Timeouts', report.timeouts, timeoutEntry),
    entries('async-errors', 'Async errors', report.asyncErrors, asyncErrorEntry),
    entries('flaky', FLAKY_TITLE, report.flaky, flakyEntry),
    rows('gates', 'Gates', report.gates, gatesTable),
    rows('remarks', 'Remarks', report.remarks, remarksTable),
    rows('scenarios', 'Scenarios', report.scenarios.items, scenariosTable),
    warningsSection(report),
    rows('skipped', 'Skipped and deselected', report.skipped, skippedTable),
    rows('slowest', 'Slowest tests', report.slowest, slowestTable),
    filesSection(report),
  ].filter(({ count: entriesCount }) => entriesCount !== '0')
  return {
    title: `${headline(report)} · shakedown`,
    tone: TONE[run.status],
    headline: headline(report),
    startedAt: run.startedAt,
    startedAtText: run.startedAt.replace(/T(.{8}).*/, ' $1 UTC'),
    facts: [...provenance(run), duration(run.durationMs), exitCodeWords(run)],
    tiles: overviewTiles(report),
    bar: overviewBar(report.totals),
    sections,
    quiet: sections.length === 0 ? 'Nothing ran.' : '',
    runId: run.id,
  }
}

const NO_FILES = { files: [], filesFilterable: false } as const

function entries<T>(
  id: string,
  title: string,
  all: readonly T[],
  view: (entry: T, index: number) => EntryView,
): SectionView {
  const shown = all.slice(0, ENTRIES_MAX).map(view)
  return {
    id,
    title,
    count: number(all.length),
    entries: shown,
    tables: [],
    ...NO_FILES,
    left: left(all.length - shown.length),
  }
}

function rows<T>(
  id: string,
  title: string,
  all: readonly T[],
  view: (entries: readonly T[]) => TableView,
): SectionView {
  const whole = view(all)
  const shown = { ...whole, rows: whole.rows.slice(0, ROWS_MAX) }
  return {
    id,
    title,
    count: number(all.length),
    entries: [],
    tables: [shown],
    ...NO_FILES,
    left: left(whole.rows.length - shown.rows.length),
  }
}

function filesSection({ files: all }: RunReport): SectionView {
  const { files, filterable, filesLeft } = filesView(all)
  return {
    id: 'files',
    title: 'Files and tests',
    count: number(all.length),
    entries: [],
    tables: [],
    files,
    filesFilterable: filterable,
    left: left(filesLeft),
  }
}

function warningsSection({ warnings }: RunReport): SectionView {
  const { total, byFile, top, overflow } = warnings
  const section = rows('warnings', 'Warnings', byFile, warningFilesTable)
  return {
    ...section,
    count: number(total),
    tables: [...section.tables.map(titled), ...(top.length > 0 ? [titled(warningKindsTable(top))] : [])],
    left: parts([[overflow, 'that were not told apart']])
      .concat(section.left)
      .filter(Boolean)
      .join(' · '),
  }
}

function titled(table: TableView): TableView {
  return { ...table, captionRepeats: false }
}

function left(value: number): string {
  return value > 0 ? `… and ${number(value)} more in report.json` : ''
}
