import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AuditReader,
  createEngine,
  explainRun,
  openSqliteAuditReader,
  pipeline,
  type RunFilter,
  step,
} from 'shakedown'
import { Progress, tableOf } from '../table.ts'

/**
 * `npm run prove:trail [attempts]` writes an audit trail of a million attempts with the real engine, opens it anew and
 * prints how long each question takes. Exit code 1 when one takes longer than people should wait.
 */

const ATTEMPTS = Number(process.argv[2] ?? 1_000_000)
const STEPS = 10
/** Enough runs at once that their records share commits. */
const AT_ONCE = 200
/** A question is asked this often; its median counts. */
const ASKED = 7

const LISTING_MS_MAX = 50
const EXPLAINING_MS_MAX = 50
const CHECKING_MS_MAX = 200

/** One run in this many ends with a failure. */
const FAILING = 50

const progress = new Progress()
const folder = mkdtempSync(join(tmpdir(), 'shakedown-trail-'))
try {
  const file = join(folder, 'runs.db')
  await fill(file)
  const audit = openSqliteAuditReader(file)
  try {
    process.exitCode = report(file, audit) ? 0 : 1
  } finally {
    audit.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function fill(file: string): Promise<void> {
  const add = (name: string) =>
    step(name, (n: number) => {
      if (name === 's4' && n % FAILING === 4) throw new Error(`row ${n} is not an order`)
      return n + 1
    })
  const names = ['orders', 'invoices', 'parcels']
  const nodes = names.map((name) =>
    pipeline(
      name,
      Array.from({ length: STEPS }, (_, index) => add(`s${index}`)),
    ),
  )
  const engine = createEngine({ audit: file })
  const runs = Math.ceil(ATTEMPTS / STEPS)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < runs; at = next++) {
      const node = nodes[at % nodes.length]
      if (node !== undefined) await engine.run(node, at, { runId: `run-${at}` })
      if (at % 10_000 === 0) progress.show(`written: ${at} of ${runs} runs`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  await engine.close()
  progress.done()
}

function report(file: string, audit: AuditReader): boolean {
  const someRun = `run-${Math.floor(ATTEMPTS / STEPS / 2)}`
  const filters: Readonly<Record<string, RunFilter>> = {
    runs: {},
    'runs --status failed': { status: 'failed' },
    'runs --status paused': { status: 'paused' },
    'runs --status running': { status: 'running' },
    'runs --pipeline invoices': { pipeline: 'invoices' },
    'runs --pipeline invoices --status failed': { pipeline: 'invoices', status: 'failed' },
    'runs --pipeline nothing': { pipeline: 'nothing' },
    'runs --since': { sinceWallMs: Date.now() - 1_000 },
    'runs --limit 1000': { limit: 1_000 },
    'runs that begin like an id': { runIdPrefix: 'run-99' },
  }
  const listings = Object.entries(filters).map(
    ([name, filter]) => [name, medianMs(() => audit.runs(filter)), LISTING_MS_MAX] as const,
  )
  const explain = (runId: string) => (): unknown => {
    const trail = audit.trail(runId)
    if (trail === undefined) throw new Error(`Expected ${runId} to be in the trail, it is not.`)
    return explainRun(trail)
  }
  const rows = [
    ...listings,
    ['explain', medianMs(explain(someRun)), EXPLAINING_MS_MAX] as const,
    ['runs --check', medianMs(() => audit.conservation()), CHECKING_MS_MAX] as const,
  ]
  const megabytes = Math.round(statSync(file).size / 1_000_000)
  const { tokens, ok } = audit.conservation()
  console.log(
    `Node ${process.version}. ${ATTEMPTS} attempts in ${megabytes} MB; ${tokens} tokens, ${ok ? 'all with their outcome' : 'NOT all with their outcome'}.\n`,
  )
  const cells = rows.map(([name, ms, max]) => [
    name,
    `${ms.toFixed(1)} ms`,
    `at most ${max} ms`,
    ms <= max ? '' : 'MISSED',
  ])
  console.log(tableOf(cells))
  return ok && rows.every(([, ms, max]) => ms <= max)
}

/** The first asking counts, too: a person asks once. */
function medianMs(ask: () => unknown): number {
  const times = Array.from({ length: ASKED }, () => {
    const startedMs = performance.now()
    ask()
    return performance.now() - startedMs
  })
  return times.toSorted((a, b) => a - b)[Math.floor(ASKED / 2)] ?? 0
}
