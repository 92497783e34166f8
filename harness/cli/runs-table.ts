import { shorten } from '../../reporters/render/visible.ts'
import { count, duration } from '../../reporters/render/words.ts'
import type { Conservation, RunRow } from '../../src/index.ts'
import { formatMoment } from './moment.ts'
import { table } from './text.ts'

/** Letters of an id that tell a handful of runs apart; more are shown where these do not. */
const ID_MIN = 12
/** What id and pipeline share of the 80 columns; the other columns need the rest at their longest. */
const NAMES_WIDTH = 26
/** A pipeline's name is clipped, but to no fewer letters than one can recognise it by. */
const PIPELINE_MIN = 8
/** Runs whose tokens do not add up that are listed one by one; the rest is counted. */
const BROKEN_MAX = 12

/** Runs as aligned columns, 80 wide at most unless ids differ only beyond their 18th letter. */
export function renderRuns(runs: readonly RunRow[]): string {
  if (runs.length === 0) return 'No runs.\n'
  const ids = shortIds(runs.map(({ runId }) => runId))
  const pipelineMax = Math.max(PIPELINE_MIN, NAMES_WIDTH - Math.max(...ids.map((id) => id.length)))
  const rows = runs.map((run, index) => [
    ids[index] ?? run.runId,
    shorten(run.pipeline, pipelineMax),
    run.status,
    formatMoment(run.startedWallMs),
    run.latencyMs === null ? '–' : duration(run.latencyMs),
    run.attempts === null ? '–' : String(run.attempts),
  ])
  return `${table([['RUN', 'PIPELINE', 'STATUS', 'STARTED', 'TOOK', 'TRIES'], ...rows]).join('\n')}\n`
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
      : [`${count(unfinished.length, 'run')} still going, or killed: not held against it.`]
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
