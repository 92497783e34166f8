import type { AdapterStatistics } from '../../src/index.ts'
import { table } from '../text/layout.ts'
import { shorten } from '../text/visible.ts'
import { duration } from '../text/words.ts'

/** Names are up to 60 letters; with so many the longest row still fits a terminal. */
const NAME_MAX = 18

const TITLES = ['ADAPTER', 'TASKS', 'DONE', 'RATE', 'FALLBACKS', 'TRIES', 'P50', 'P99']

/** How adapters have done, as aligned columns that fit a terminal: by task, and by attempt beside it. */
export function renderAdapters(adapters: readonly AdapterStatistics[]): string {
  if (adapters.length === 0) return 'No adapter has been given a task.\n'
  const rows = adapters.map((each) => [
    shorten(each.adapter, NAME_MAX),
    String(each.totalAttempts),
    String(each.successes),
    rate(each.successRate),
    String(each.fallbacks),
    String(each.attempts.total),
    ...quantiles(each.latencyMs),
  ])
  return `${table([TITLES, ...rows]).join('\n')}\n`
}

function rate(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

function quantiles(latencyMs: AdapterStatistics['latencyMs']): string[] {
  if (latencyMs === null) return ['–', '–']
  return [latencyMs.p50, latencyMs.p99].map(duration)
}
