import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Processes that tests start run the package as it is built: a start from source reads two hundred and fifty files and
 * compiles those that Vite serves, which took half of the time of all tests. The build is kept by what it is made of, so
 * that no test ever meets an old one.
 */

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** What the build is made of: our sources and how they are built and laid out; the lock file says of which libraries. */
const MADE_OF = [
  'src',
  'harness',
  'reporters',
  'rolldown.config.ts',
  'package.json',
  'package-lock.json',
  'tests/support/built-package.ts',
]

/** Where each supported line of Vitest is installed: its workers must find their own modules from the package. */
export const VITEST_HOMES = {
  5: repository,
  4: path.join(repository, 'tests/fixtures/vitest-4'),
} as const

const BUILDS_KEPT = 3

/** The reporter alone is no entry point of the package; its tests start it without the plugin. */
const REPORTER = 'reporters/collect/vitest-reporter'

/** Runs in a process of its own, in the folder of the repository: `node --eval … FOLDER`. */
const BUILD = `
  import { build } from 'rolldown'
  import config from './rolldown.config.ts'
  const input = { ...config.input, '${REPORTER}': '${REPORTER}.ts' }
  await build({ ...config, input, output: { ...config.output, dir: process.argv[1] } })`

const key = hashOf(MADE_OF)

/**
 * The folder of the package as it is built, beside the Vitest of that line; built when the sources have changed, without
 * the declarations of types.
 *
 * @example
 * builtModule(builtPackage(5), 'harness/vitest/plugin')
 */
export function builtPackage(line: keyof typeof VITEST_HOMES): string {
  const shelf = path.join(VITEST_HOMES[line], 'node_modules/.cache/shakedown')
  const folder = path.join(shelf, key, 'node_modules/shakedown')
  if (existsSync(folder)) return folder
  removeOld(shelf)
  const staged = path.join(shelf, `${key}-${process.pid}`)
  fill(path.join(staged, 'node_modules/shakedown'), line)
  linkInstalled(path.join(VITEST_HOMES[line], 'node_modules'), path.join(staged, 'node_modules'))
  try {
    renameSync(staged, path.join(shelf, key))
  } catch (error) {
    // Another process has put the same there meanwhile.
    rmSync(staged, { recursive: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/**
 * A `node_modules` with the package as it is built and links to all that is installed beside the Vitest of that line. A
 * configuration that imports `shakedown/vitest` from there, as one of a user does, starts in half the time of one that
 * names a file: Vite bundles what is no package into the configuration.
 */
export function installedModules(line: keyof typeof VITEST_HOMES): string {
  return path.dirname(builtPackage(line))
}

/** A module of the built package. */
export function builtModule(folder: string, name: string): string {
  return path.join(folder, 'dist', `${name}.js`)
}

function fill(folder: string, line: keyof typeof VITEST_HOMES): void {
  if (line !== 5) return cpSync(builtPackage(5), folder, { recursive: true })
  mkdirSync(folder, { recursive: true })
  cpSync(path.join(repository, 'package.json'), path.join(folder, 'package.json'))
  const args = ['--input-type=module', '--eval', BUILD, path.join(folder, 'dist')]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The build that tests run ended with ${status}:\n${stderr}`)
}

function linkInstalled(from: string, to: string): void {
  for (const name of readdirSync(from))
    if (name === '.bin' || !name.startsWith('.'))
      symlinkSync(path.join(from, name), path.join(to, name), 'junction')
}

/** Keeps the last builds: tests may still run them when the sources change. */
export function removeOld(shelf: string): void {
  mkdirSync(shelf, { recursive: true })
  const builds = readdirSync(shelf).map((name) => path.join(shelf, name))
  const ages = new Map(builds.map((folder) => [folder, statSync(folder).mtimeMs]))
  const newestFirst = builds.toSorted((one, other) => ages.get(other)! - ages.get(one)!)
  for (const folder of newestFirst.slice(BUILDS_KEPT)) rmSync(folder, { recursive: true, force: true })
}

/** A hash of the names and texts of files and of all files in folders, given from the root of the repository. */
export function hashOf(names: readonly string[]): string {
  const hash = createHash('sha256')
  const files = names.flatMap((name) =>
    statSync(path.join(repository, name)).isDirectory() ? filesBelow(name) : [name],
  )
  for (const file of files.toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(repository, file)))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}

function filesBelow(folder: string): string[] {
  const all = readdirSync(path.join(repository, folder), { recursive: true, withFileTypes: true })
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(repository, path.join(entry.parentPath, entry.name)))
}
