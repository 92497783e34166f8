import { textWidth } from '../text/wrap.ts'
import { shorten } from '../text/visible.ts'
import { count, duration } from '../text/words.ts'
import type { Conservation, RunRow } from '../../src/index.ts'
import { formatMoment } from '../text/moment.ts'
import { table, WIDTH } from '../text/layout.ts'

/** Letters of an id that tell a handful of runs apart; more are shown where these do not. */
const ID_MIN = 12
const PIPELINE_MAX = 16
/** Runs whose tokens do not add up that are listed one by one; the rest is counted. */
const BROKEN_MAX = 12

/** A column, and how long it stays when ids are so long that a row does not fit: the highest number goes first. */
interface Column {
  readonly title: string
  readonly dropped: number
  readonly cell: (run: RunRow, shortId: string) => string
}

const COLUMNS: readonly Column[] = [
  { title: 'RUN', dropped: 0, cell: (_run, shortId) => shortId },
  { title: 'PIPELINE', dropped: 1, cell: ({ pipeline }) => shorten(pipeline, PIPELINE_MAX) },
  { title: 'STATUS', dropped: 0, cell: ({ status }) => status },
  { title: 'STARTED', dropped: 2, cell: ({ startedWallMs }) => formatMoment(startedWallMs) },
  { title: 'TOOK', dropped: 3, cell: ({ latencyMs }) => (latencyMs === null ? '–' : duration(latencyMs)) },
  { title: 'TRIES', dropped: 4, cell: ({ attempts }) => (attempts === null ? '–' : String(attempts)) },
]

/** Runs as aligned columns that fit a terminal; ids are never cut to where they no longer tell runs apart. */
export function renderRuns(runs: readonly RunRow[]): string {
  if (runs.length === 0) return 'No runs.\n'
  const ids = shortIds(runs.map(({ runId }) => runId))
  let columns = COLUMNS
  let lines = rowsOf(runs, ids, columns)
  for (let dropped = COLUMNS.length; dropped > 0 && !fits(lines); dropped -= 1) {
    columns = columns.filter((column) => column.dropped !== dropped)
    lines = rowsOf(runs, ids, columns)
  }
  return `${lines.join('\n')}\n`
}

function rowsOf(
  runs: readonly RunRow[],
  ids: readonly string[],
  columns: readonly Column[],
): readonly string[] {
  const rows = runs.map((run, index) => columns.map(({ cell }) => cell(run, ids[index] ?? run.runId)))
  return table([columns.map(({ title }) => title), ...rows])
}

function fits(lines: readonly string[]): boolean {
  return lines.every((line) => textWidth(line) <= WIDTH)
}

/** What `--check` found, in sentences. */
export function renderConservation({ tokens, outcomes, open, ok }: Conservation): string {
  const broken = open.filter(({ finished }) => finished)
  const unfinished = open.filter(({ finished }) => !finished)
  const verdict = ok ? 'Every token of every finished run has exactly one outcome.' : brokenVerdict(broken)
  const list = broken
    .slice(0, BROKEN_MAX)
    .map((run) => [`  ${run.runId}`, count(run.tokens, 'token'), count(run.outcomes, 'outcome')])
  const rest = broken.length > BROKEN_MAX ? [`  … and ${broken.length - BROKEN_MAX} more`] : []
  const going =
    unfinished.length === 0
      ? []
      : [`${count(unfinished.length, 'run')} still going, paused or killed: not counted as a fault.`]
  return [
    verdict,
    ...table(list),
    ...rest,
    `${count(tokens, 'token')}, ${count(outcomes, 'outcome')}.`,
    ...going,
    '',
  ].join('\n')
}

/** The shortest beginnings of the ids, of equal length, that tell them apart and that `explain` accepts. */
export function shortIds(ids: readonly string[]): readonly string[] {
  const longest = Math.max(...ids.map((id) => id.length))
  for (let length = ID_MIN; length < longest; length += 1) {
    const short = new Set(ids.map((id) => id.slice(0, length)))
    if (short.size === ids.length) return ids.map((id) => id.slice(0, length))
  }
  return ids
}

function brokenVerdict(broken: Conservation['open']): string {
  const one = broken.length === 1
  return `${broken.length} finished ${one ? 'run does' : 'runs do'} not account for ${one ? 'its' : 'their'} tokens:`
}
