import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { openSqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import type { AuditReader } from '../../../../src/audit/store.ts'
import { systemWorld } from '../../../../src/world/system-world.ts'

// Kills a process that records runs, over and over, and looks for what it had reported as committed.
// `node tests/src/audit/sqlite/kill-loop.ts ROUNDS` prints the counts.

/** A file serves this many rounds, so that kills meet new files, small ones, and ones that were killed before. */
const ROUNDS_PER_FILE = 5
/** The kill comes after this many reported commits at most; every fourth round while the file is being opened. */
const COMMITS_MAX = 400
const OPENING_EVERY = 4

export interface KillReport {
  readonly rounds: number
  /** Commits the killed processes had reported. */
  readonly reported: number
  /** Of those, records that could not be read afterwards. */
  readonly lost: number
  /** Runs in the files at the end. */
  readonly runs: number
  /** What was wrong otherwise: damage, files set aside, broken conservation. */
  readonly complaints: readonly string[]
}

/** Which script is killed: one that writes records, or one that runs pipelines on the engine. */
export type Victim = 'record-until-killed.ts' | 'run-until-killed.ts'

export async function killLoop(rounds: number, victim: Victim): Promise<KillReport> {
  const directory = mkdtempSync(join(tmpdir(), 'shakedown-kill-'))
  const complaints: string[] = []
  let reported = 0
  let lost = 0
  let runs = 0
  try {
    for (let round = 0; round < rounds; round++) {
      const file = join(directory, `${Math.floor(round / ROUNDS_PER_FILE)}.db`)
      const linesMax = round % OPENING_EVERY === 0 ? 1 : 2 + Math.floor(Math.random() * COMMITS_MAX)
      const committed = await runUntilKilled(victim, file, linesMax)
      const found = await lookAfterwards(file, committed)
      complaints.push(...found.complaints)
      for (const count of committed.values()) reported += count
      lost += found.lost
      if (round % ROUNDS_PER_FILE === ROUNDS_PER_FILE - 1 || round === rounds - 1) runs += found.runs
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  return { rounds, reported, lost, runs, complaints }
}

/** @returns for each run how many of its records were reported as committed */
function runUntilKilled(victim: Victim, file: string, linesMax: number): Promise<Map<string, number>> {
  const script = join(import.meta.dirname, 'children', victim)
  const child = spawn(process.execPath, ['--no-warnings', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const committed = new Map<string, number>()
  let lines = 0
  // Lines that were on their way when the kill came are read too: their commits were just as much reported.
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (++lines === linesMax) child.kill('SIGKILL')
    const [, runId, count] = /^(\S+) (\d+)$/.exec(line) ?? []
    if (runId !== undefined) committed.set(runId, Number(count))
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(committed)
      else reject(new Error(`expected the child to be killed, it ended with code ${code}`))
    })
  })
}

async function lookAfterwards(
  file: string,
  committed: ReadonlyMap<string, number>,
): Promise<{ readonly lost: number; readonly runs: number; readonly complaints: readonly string[] }> {
  const complaints: string[] = []
  const audit = openSqliteAudit(file, {
    clock: systemWorld().clock,
    onNotice: (message) => complaints.push(message),
  })
  let lost = 0
  for (const [runId, count] of committed) lost += Math.max(0, count - recordsOf(audit, runId))
  if (!audit.conservation().ok) complaints.push(`${file}: a finished run does not conserve its tokens`)
  await audit.close()
  const db = new Database(file, { readonly: true })
  const verdict = db.pragma('integrity_check', { simple: true })
  if (verdict !== 'ok') complaints.push(`${file}: ${String(verdict)}`)
  const runs = db.prepare<[], number>('SELECT count(*) FROM runs').pluck().get() ?? 0
  db.close()
  return { lost, runs, complaints }
}

function recordsOf(audit: AuditReader, runId: string): number {
  const trail = audit.trail(runId)
  if (trail === undefined) return 0
  const { tokenRows, attemptRows, stepRows, eventRows, outcomeRows, finishedSeq } = trail
  const rows = [tokenRows, attemptRows, stepRows, eventRows, outcomeRows].reduce(
    (sum, { length }) => sum + length,
    1,
  )
  return finishedSeq === null ? rows : rows + 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const victim of ['record-until-killed.ts', 'run-until-killed.ts'] as const) {
    const report = await killLoop(Number(process.argv[2] ?? 10), victim)
    console.log(victim, JSON.stringify(report, null, 2))
    if (report.lost > 0 || report.complaints.length > 0) process.exitCode = 1
  }
}
