import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import * as z from '../../../src/base/zod.ts'

// A scenario file is data, often from a stranger's pull request. A subject that is not a module prints itself: the
// compiler quotes the line it cannot read, and reports keep that. So what a scenario names stays inside one folder.

/** What a subject's file may be; anything else would be read by the compiler only to be quoted. */
const MODULE_FILE = /\.[cm]?[jt]sx?$/
/** Extensions that the compiler also looks for where another is written. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}

const workspaceSchema = z.object({ workspaces: z.unknown() })

/**
 * The folder that the scenarios of a project may reach into: the nearest one at or above `folder` that is the root of a
 * workspace (`.git`, `pnpm-workspace.yaml`, `workspaces` in `package.json`); where there is none, the nearest with a
 * `package.json`; and where there is none of these either, `folder` itself.
 *
 * @returns its real path
 */
export function workspaceRoot(folder: string): string {
  const start = realPath(folder)
  let nearestPackage: string | undefined
  let at = start
  let below: string | undefined
  while (at !== below) {
    if (isWorkspaceRoot(at)) return at
    if (existsSync(join(at, 'package.json'))) nearestPackage ??= at
    below = at
    at = dirname(at)
  }
  return nearestPackage ?? start
}

function isWorkspaceRoot(folder: string): boolean {
  if (['.git', 'pnpm-workspace.yaml'].some((name) => existsSync(join(folder, name)))) return true
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return workspaceSchema.safeParse(json).data?.workspaces !== undefined
  } catch {
    return false
  }
}

/** Whether a file is a folder or below it, by their names alone. */
export function isWithin(file: string, folder: string): boolean {
  const way = relative(folder, file)
  return way === '' || (way.split(/[\\/]/, 1)[0] !== '..' && !isAbsolute(way))
}

/** Why a scenario file is refused that is outside of the folder scenarios may be in. */
export function outsideSentence(file: string, scenarioRoot: string): string {
  return `Expected ${file} to be a scenario file inside ${scenarioRoot}, got one outside of it. Copy it there, or widen the folder with the setting \`scenarioRoot\`.`
}

/** Whether a file is below a folder once all links are followed; one that does not exist, by where it would be. */
export function isReallyWithin(file: string, folder: string): boolean {
  return isWithin(realPath(file), realPath(folder))
}

/** The real path of a file, or of where it would be: of the nearest folder that exists, and the rest. */
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    const folder = dirname(file)
    return folder === file ? file : join(realPath(folder), relative(folder, file))
  }
}

/**
 * What is wrong with the file a subject names, as the end of a sentence that begins with what was expected; `undefined`
 * for nothing.
 *
 * @param scenarioFile absolute path of the file that names the subject
 * @param module as it is written, relative to that file
 * @param boundary real path of the folder that it must be inside of
 */
export function subjectFileProblem(
  scenarioFile: string,
  module: string,
  boundary: string,
): 'outside' | 'no module' | undefined {
  // The compiler may know the scenario file by its own path or by its real one.
  const folders = [dirname(scenarioFile), dirname(realPath(scenarioFile))]
  const files = folders.flatMap((folder) => spellingsOf(module).map((name) => resolve(folder, name)))
  if (!files.every((file) => isReallyWithin(file, boundary))) return 'outside'
  // A query, an escape or a backslash could name another file to the compiler than it does to us.
  return MODULE_FILE.test(module) && !/[?%\\\0]/.test(module) ? undefined : 'no module'
}

function spellingsOf(module: string): string[] {
  const extension = MODULE_FILE.exec(module)?.[0] ?? ''
  const others = ALSO[extension] ?? []
  return [module, ...others.map((other) => module.slice(0, -extension.length) + other)]
}
