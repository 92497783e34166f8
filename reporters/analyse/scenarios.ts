import type { ScenarioItem, ScenarioStatus, ScenarioSummary } from '../report/scenarios.ts'
import type { FileTally } from './tally.ts'

/** Adds up what the scenarios' workers reported. */
export function scenariosOf(files: readonly FileTally[]): ScenarioSummary {
  const items = files.flatMap((file) =>
    [...file.tests.values()].flatMap(({ scenario }) => (scenario === undefined ? [] : [scenario])),
  )
  const having = (status: ScenarioStatus): number => items.filter((item) => item.status === status).length
  return {
    total: items.length,
    passed: having('passed'),
    failed: having('failed'),
    vacuous: having('vacuous'),
    virtualMs: sum(items, (item) => item.virtualMs),
    wallMs: sum(items, (item) => item.wallMs),
    faultsFired: sum(items, (item) => item.faultsFired),
    items,
  }
}

function sum(items: readonly ScenarioItem[], value: (item: ScenarioItem) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
