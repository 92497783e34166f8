import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { branches } from './engine/branches.ts'
import { copies } from './engine/copies.ts'
import { fallbacks } from './engine/fallbacks.ts'
import { conversations, loops } from './engine/loops.ts'
import { memory } from './engine/memory.ts'
import { durableAlone, recordedAlone, recordedAtOnce } from './engine/recorded.ts'
import { routes } from './engine/routes.ts'
import { sequence } from './engine/sequence.ts'

/** The tables in the order they are printed; `npm run bench:engine -- sequence copies` prints those alone. */
const TABLES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  sequence,
  fallbacks,
  branches,
  copies,
  loops,
  conversations,
  routes,
  recordedAlone,
  durableAlone,
  recordedAtOnce,
  memory,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(TABLES, name))
if (unknown.length > 0)
  throw new Error(`Expected names of tables, ${Object.keys(TABLES).join(', ')}, got ${unknown.join(', ')}.`)

console.log(
  `Node ${process.version}. Medians of interleaved rounds; ratios are to the first line of each table.`,
)
const folder = mkdtempSync(join(tmpdir(), 'shakedown-bench-'))
try {
  for (const [name, print] of Object.entries(TABLES))
    if (wanted.length === 0 || wanted.includes(name)) await print(folder)
} finally {
  rmSync(folder, { recursive: true })
}
