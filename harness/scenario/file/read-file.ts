import { readFileSync, statSync } from 'node:fs'
import { displayPath, ScenarioFileError } from '../file-problem.ts'
import { parseScenarios, type LoadOptions } from './load.ts'
import type { LoadedScenario } from './read-rows.ts'

/** Largest scenario file: a thousand scenarios of a thousand letters. Larger ones are refused unread. */
const FILE_BYTES_MAX = 1_048_576

/**
 * Reads a scenario file.
 * @throws ScenarioFileError when it cannot be read, is too large, is not UTF-8, or holds anything wrong
 */
export function readScenarioFile(file: string, options: LoadOptions = {}): readonly LoadedScenario[] {
  return parseScenarios(readScenarioText(file, options), file, options)
}

/** The text of a scenario file. @throws ScenarioFileError when it cannot be read, is too large or is not UTF-8 */
export function readScenarioText(file: string, options: LoadOptions = {}): string {
  const path = displayPath(file, options.root ?? process.cwd())
  const refuse = (message: string): never => {
    throw new ScenarioFileError(file, [{ line: 1, column: 1, message }], undefined)
  }
  let bytes: Buffer
  try {
    const stat = statSync(file)
    if (!stat.isFile()) return refuse(`Expected ${path} to be a scenario file, got a directory or device.`)
    if (stat.size > FILE_BYTES_MAX) {
      return refuse(
        `Expected ${path} to be a scenario file of at most ${FILE_BYTES_MAX} bytes, got ${stat.size} bytes.`,
      )
    }
    bytes = readFileSync(file)
  } catch (error) {
    if (error instanceof ScenarioFileError) throw error
    return refuse(
      `Expected ${path} to be a scenario file that can be read, got ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuse(`Expected ${path} to be UTF-8 text, got bytes that are not.`)
  }
}
