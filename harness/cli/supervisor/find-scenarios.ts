import { readdirSync, realpathSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import path from 'node:path'
import { didYouMean } from '../../../src/base/nearest.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { lstatOf, statOf } from '../stat-of.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { SCENARIO_GLOB, scenarioLanguage } from '../../scenario/file/names.ts'

/** Folders that hold other people's files, or ours a second time. */
const IGNORED: ReadonlySet<string> = new Set(['node_modules', 'dist'])
/** Deepest folder that is searched: far beyond any project, and an end for a tree that loops through mounts. */
const DEPTH_MAX = 32
/** Files of one search; a search that finds more was started in the wrong folder. */
const FILES_MAX = 10_000

/** Where to look, and what was found there. */
export interface ScenarioSearch {
  /** Absolute paths of files and folders, each of which exists. */
  readonly places: readonly string[]
  /** Parts of paths, as they were given. */
  readonly parts: readonly string[]
  /** Absolute paths of the scenario files in these places, or with these parts, sorted, each once. */
  readonly files: readonly string[]
}

/**
 * Finds the scenario files below the given paths, and those whose paths have a given part.
 *
 * @param paths files and folders, or parts of paths; empty for all of `cwd`
 * @throws ShakedownError `E_NO_SUCH_PATH`, `E_NOT_A_SCENARIO`, `E_NO_SCENARIOS`, `E_TOO_MANY_SCENARIOS`
 */
export function findScenarios(paths: readonly string[], cwd: string): ScenarioSearch {
  const { places, parts } = existingPaths(paths, cwd)
  const files = new Set(places.flatMap((place) => scenariosIn(place, cwd)))
  const all = parts.length === 0 ? [] : scenariosBelow(cwd, 0)
  for (const part of parts) {
    const found = all.filter((file) => hasPart(file, part, cwd))
    if (found.length === 0) throw noSuchPath(part, cwd)
    for (const file of found) files.add(file)
  }
  if (files.size === 0) throw noScenarios(places, cwd)
  if (files.size > FILES_MAX) {
    throw new ShakedownError(
      'E_TOO_MANY_SCENARIOS',
      `Expected at most ${FILES_MAX} scenario files, got ${files.size} below ${listed(places, cwd)}.`,
      { hint: 'Name a narrower folder.' },
    )
  }
  return { places, parts, files: [...files].toSorted() }
}

/**
 * The paths as absolute ones, `cwd` when there are none; and what is no path, but perhaps part of one, as with Vitest.
 *
 * @throws ShakedownError `E_NO_SUCH_PATH` for what can be neither
 */
export function existingPaths(
  paths: readonly string[],
  cwd: string,
): Pick<ScenarioSearch, 'places' | 'parts'> {
  const places: string[] = []
  const parts: string[] = []
  for (const given of paths.length === 0 ? ['.'] : paths) {
    const place = path.resolve(cwd, given)
    const found = statOf(place)
    // Vitest knows folders by their real paths, and files by their own names in these: a file may be a link.
    if (found?.isDirectory() === true) places.push(realpathSync(place))
    else if (found !== undefined)
      places.push(path.join(realpathSync(path.dirname(place)), path.basename(place)))
    else if (path.isAbsolute(given) || lstatOf(place) !== undefined) throw noSuchPath(given, cwd)
    else parts.push(given)
  }
  return { places, parts }
}

/** Whether a part of a path, capitals or not, is in that of a file; Vitest compares in the same way. */
export function hasPart(file: string, part: string, cwd: string): boolean {
  return displayPath(file, cwd).toLowerCase().includes(part.replaceAll('\\', '/').toLowerCase())
}

/** The error for a path where nothing is, and that is no part of one either. */
export function noSuchPath(given: string, cwd: string): ShakedownError {
  const place = path.resolve(cwd, given)
  const got =
    lstatOf(place)?.isSymbolicLink() === true
      ? 'a link that leads to neither.'
      : `nothing there, and no file whose path has that in it.${didYouMean(path.basename(place), namesIn(path.dirname(place)))}`
  return new ShakedownError(
    'E_NO_SUCH_PATH',
    `Expected ${shown(place, cwd)} to be a file or folder, got ${got}`,
    { hint: `It was looked for at ${place}.` },
  )
}

function scenariosIn(place: string, cwd: string): readonly string[] {
  if (statOf(place)?.isDirectory() !== true) {
    if (scenarioLanguage(place) !== undefined) return [place]
    throw new ShakedownError(
      'E_NOT_A_SCENARIO',
      `Expected ${shown(place, cwd)} to be a scenario file, got another name.`,
      {
        hint: 'Scenario files end in .scenario.yaml, .scenario.yml or .scenario.ts: rename it. To run any test file, add --all.',
      },
    )
  }
  return scenariosBelow(place, 0)
}

/**
 * A walk of our own: a library for patterns costs every start more than the search. Names that begin with a dot are
 * passed over, and so are links to folders: one can lead back up, and its target has a place of its own.
 */
function scenariosBelow(folder: string, depth: number): readonly string[] {
  const found: string[] = []
  for (const entry of entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue
    const file = path.join(folder, entry.name)
    if (scenarioLanguage(entry.name) !== undefined && (entry.isFile() || isLinkToFile(entry, file)))
      found.push(file)
    if (entry.isDirectory() && depth < DEPTH_MAX && !IGNORED.has(entry.name))
      found.push(...scenariosBelow(file, depth + 1))
  }
  return found
}

function isLinkToFile(entry: Dirent, file: string): boolean {
  return entry.isSymbolicLink() && statOf(file)?.isFile() === true
}

/** A folder that may not be read holds nothing for us. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function noScenarios(places: readonly string[], cwd: string): ShakedownError {
  return new ShakedownError(
    'E_NO_SCENARIOS',
    `Expected scenario files (${SCENARIO_GLOB}) in ${listed(places, cwd)}, got none. Folders named node_modules or dist, and names that begin with a dot, are not searched.`,
    {
      hint: 'Name the folder that holds them (`shakedown run path/to/scenarios`), or run every test of the project (`shakedown run --all`).',
    },
  )
}

function listed(places: readonly string[], cwd: string): string {
  return places.map((place) => shown(place, cwd)).join(', ')
}

/**
 * Short inside the working directory, whole outside of it; the working directory itself whole, it has no short name.
 */
function shown(place: string, cwd: string): string {
  const short = path.relative(cwd, place)
  return short === '' || short.startsWith('..') ? place : short
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
