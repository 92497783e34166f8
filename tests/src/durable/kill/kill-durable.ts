import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { build } from 'rolldown'
import { createEngine, type Engine, type RunTrail } from '../../../../src/index.ts'
import { everything, EXPECTED } from './everything.ts'

// Kills processes that carry runs on, over and over, two at once on one file, and looks whether what they left comes to
// what one life would have come to. `node tests/src/durable/kill/kill-durable.ts KILLS` prints the counts.

/** A file serves this many kills, so that they meet new files and ones that were killed before. */
const KILLS_PER_FILE = 10
const AT_ONCE = 2
/** The kill comes after this many effects at most. */
const EFFECTS_MAX = 60

export interface KillReport {
  readonly kills: number
  readonly runs: number
  readonly interrupted: number
  /** What was wrong. */
  readonly complaints: readonly string[]
}

export async function killDurable(kills: number): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-kill-durable-'))
  const complaints: string[] = []
  let [killed, runs, interrupted] = [0, 0, 0]
  try {
    const script = await bundled(folder)
    for (let nth = 0; killed < kills; nth++) {
      const file = join(folder, `${nth}.db`)
      const effects = join(folder, `${nth}.effects`)
      writeFileSync(effects, '')
      for (let round = 0; round < KILLS_PER_FILE / AT_ONCE && killed < kills; round++) {
        await Promise.all(Array.from({ length: AT_ONCE }, () => runUntilKilled(script, file, effects)))
        killed += AT_ONCE
      }
      const found = await lookAfterwards(file, effects)
      complaints.push(...found.complaints)
      runs += found.runs
      interrupted += found.interrupted
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { kills: killed, runs, interrupted, complaints }
}

/** One file starts in a third of the time that a hundred take. */
async function bundled(folder: string): Promise<string> {
  const file = join(folder, 'victim.mjs')
  await build({
    input: join(import.meta.dirname, 'children', 'durable-until-killed.ts'),
    platform: 'node',
    external: ['better-sqlite3'],
    output: { file, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  })
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"better-sqlite3"', JSON.stringify(sqlite)))
  return file
}

function runUntilKilled(script: string, file: string, effects: string): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', script, file, effects], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let left = 1 + Math.floor(Math.random() * EFFECTS_MAX)
  child.stdout.on('data', (dots: Buffer) => {
    left -= dots.length
    if (left <= 0) child.kill('SIGKILL')
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve()
      else reject(new Error(`expected the child to be killed, it ended with code ${code}`))
    })
  })
}

async function lookAfterwards(file: string, effects: string) {
  const complaints: string[] = []
  const again: string[] = []
  const node = everything((...effect) => void again.push(effect.join('\t')))
  const engine = createEngine({ audit: file, pipelines: [node] })
  await carryAllOn(engine, complaints)
  const { audit } = engine
  if (audit?.conservation().ok !== true || audit.conservation().open.length > 0)
    complaints.push(`tokens without an outcome: ${JSON.stringify(audit?.conservation())}`)
  const rows = audit?.runs({ limit: 10_000 }) ?? []
  const trails = rows.flatMap(({ runId }) => audit?.trail(runId) ?? [])
  for (const trail of trails) complaints.push(...wrongWith(trail))
  const lines = [...readFileSync(effects, 'utf8').split('\n').filter(Boolean), ...again]
  const interrupted = trails.flatMap(({ attemptRows }) =>
    attemptRows.filter(({ status }) => status === 'interrupted'),
  )
  complaints.push(...wrongEffects(trails, lines))
  await engine.close()
  const db = new Database(file)
  const verdict = db.pragma('integrity_check', { simple: true })
  if (verdict !== 'ok') complaints.push(`${file}: ${String(verdict)}`)
  for (const table of ['checkpoints', 'leases'])
    if (db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() !== 0) complaints.push(`${table} are left`)
  db.close()
  return { complaints, runs: rows.length, interrupted: interrupted.length }
}

async function carryAllOn(engine: Engine, complaints: string[]): Promise<void> {
  for (const recovery of await engine.recover())
    if (recovery.kind !== 'carried-on') complaints.push(`${recovery.runId} is ${JSON.stringify(recovery)}`)
  for (const { runId } of engine.audit?.runs({ status: 'paused', limit: 10_000 }) ?? [])
    await engine.resume(runId, 30)
}

function wrongWith(trail: RunTrail): string[] {
  const wrong: string[] = []
  const { runId, status, output, usage, stepRows, outcomeRows, tokenRows } = trail
  if (status !== 'completed' || output?.json !== String(EXPECTED.output))
    wrong.push(`${runId} is ${status} with ${output?.json}`)
  if (usage?.costUsd !== EXPECTED.costUsd) wrong.push(`${runId} cost ${usage?.costUsd}`)
  if (
    new Set(stepRows.map(({ path, visit, tokenId }) => `${path} ${visit} ${tokenId}`)).size !==
    stepRows.length
  )
    wrong.push(`${runId}: a step ended twice`)
  if (outcomeRows.length !== tokenRows.length) wrong.push(`${runId}: ${outcomeRows.length} outcomes`)
  return wrong
}

/** A completed attempt has exactly one line; an interrupted one may add one. */
function wrongEffects(trails: readonly RunTrail[], lines: readonly string[]): string[] {
  const wrong: string[] = []
  const counts = new Map<string, number>()
  for (const line of lines) {
    const key = line.split('\t').slice(0, 2).join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const { runId, attemptRows } of trails) {
    const ended = new Map<string, { done: number; interrupted: number }>()
    for (const { step, status } of attemptRows) {
      const { done, interrupted } = ended.get(step) ?? { done: 0, interrupted: 0 }
      const isDone = status !== 'interrupted'
      ended.set(step, { done: done + Number(isDone), interrupted: interrupted + Number(!isDone) })
    }
    for (const [step, { done, interrupted }] of ended) {
      const made = counts.get(`${runId} ${step}`)
      if (made === undefined) continue
      const expected = step === 'round' ? 3 : 1
      if (done !== expected || made < done || made > done + interrupted)
        wrong.push(`${runId} ${step}: ${done} done, ${interrupted} interrupted, ${made} effects`)
    }
  }
  return wrong
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = await killDurable(Number(process.argv[2] ?? 10))
  console.log(JSON.stringify(report, null, 2))
  if (report.complaints.length > 0) process.exitCode = 1
}
