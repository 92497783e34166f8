import { readFileSync, statSync, type BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import { displayPath, ScenarioFileError } from '../file-problem.ts'
import { isReallyWithin, outsideSentence, workspaceRoot } from './boundary.ts'
import { parseScenarios, type LoadOptions } from './load.ts'
import type { LoadedScenario } from './read-rows.ts'

/** Largest scenario file: a thousand scenarios of a thousand letters. Larger ones are refused unread. */
const FILE_BYTES_MAX = 1_048_576n
/** Files that are remembered: more than any project of ours has, and little beside what runs them. */
const FILES_KEPT_MAX = 1_000

/** A scenario file that has been read. */
export interface ScenarioFile {
  readonly text: string
  readonly scenarios: readonly LoadedScenario[]
}

/** Files read by this process, the oldest first: each project of a workspace asks for them. */
const kept = new Map<string, ScenarioFile & { readonly version: string }>()

/**
 * Reads a scenario file; once, as long as it does not change.
 * @throws ScenarioFileError when it cannot be read, is too large, is not UTF-8, or holds anything wrong
 */
export function readScenarioFile(file: string, options: LoadOptions = {}): ScenarioFile {
  const path = displayPath(file, options.root ?? process.cwd())
  const scenarioRoot = options.scenarioRoot ?? workspaceRoot(options.root ?? dirname(file))
  if (!isReallyWithin(file, scenarioRoot)) {
    return refuse(file, outsideSentence(path, scenarioRoot))
  }
  const version = `${versionOf(checkStat(file, path))} ${scenarioRoot}`
  const known = kept.get(file)
  if (known?.version === version) return known
  const text = readText(file, path)
  const read = { text, scenarios: parseScenarios(text, file, { ...options, scenarioRoot }), version }
  kept.delete(file)
  kept.set(file, read)
  const [oldest] = kept.keys()
  if (kept.size > FILES_KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  return read
}

/** Changes when the file does, unless its size stays and its times do within the clock's grain, some milliseconds. */
function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

function checkStat(file: string, path: string): BigIntStats {
  const stat = orRefuse(file, path, () => statSync(file, { bigint: true }))
  if (!stat.isFile())
    return refuse(file, `Expected ${path} to be a scenario file, got a directory or device.`)
  if (stat.size > FILE_BYTES_MAX) {
    return refuse(
      file,
      `Expected ${path} to be a scenario file of at most ${FILE_BYTES_MAX} bytes, got ${stat.size} bytes.`,
    )
  }
  return stat
}

function readText(file: string, path: string): string {
  const bytes = orRefuse(file, path, () => readFileSync(file))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuse(file, `Expected ${path} to be UTF-8 text, got bytes that are not.`)
  }
}

function orRefuse<T>(file: string, path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    return refuse(
      file,
      `Expected ${path} to be a scenario file that can be read, got ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

function refuse(file: string, message: string): never {
  throw new ScenarioFileError(file, [{ line: 1, column: 1, message }], undefined)
}
