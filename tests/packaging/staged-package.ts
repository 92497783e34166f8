import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { hashOf, removeOld } from '../support/built-package.ts'

export const repository: string = fileURLToPath(new URL('../..', import.meta.url))
export const modules: string = path.join(repository, 'node_modules')

/** What a build needs besides the folders that are published. */
const BUILD_FILES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'rolldown.config.ts',
  'README.md',
  'LICENSE',
]

/** The package as `npm pack` makes it. */
export interface Packed {
  /** Where it was built: the sources and `dist`. */
  readonly staged: string
  readonly tarball: string
  /** What the build printed. */
  readonly said: string
  readonly files: readonly { readonly path: string; readonly mode: number; readonly size: number }[]
}

/**
 * Packs the package, once for each state of what it is made of and each Node: compiling and packing takes as long as a
 * hundred tests, and the gate, the tests of the package and those of the documents need it.
 */
export async function packedPackage(): Promise<Packed> {
  const shelf = path.join(modules, '.cache/shakedown-packed')
  const names = new Set([...BUILD_FILES, ...(await publishedNames()), 'package-lock.json'])
  const folder = path.join(shelf, `${hashOf([...names])}-${process.version}`)
  if (existsSync(folder)) return recordIn(folder)
  removeOld(shelf)
  // Node does not run the TypeScript of the build below a folder of modules.
  const making = await mkdtemp(path.join(tmpdir(), 'shakedown-packing-'))
  try {
    const staged = path.join(making, 'staged')
    await stagePackage(staged)
    const stdout = await mustRun('npm', ['pack', '--json', '--pack-destination', making], staged)
    const said = stdout.slice(0, stdout.indexOf('[\n'))
    const [{ filename, files }] = JSON.parse(stdout.slice(said.length)) as [
      { filename: string; files: Packed['files'] },
    ]
    await writeFile(path.join(making, 'packed.json'), JSON.stringify({ said, filename, files }))
    const arriving = await mkdtemp(path.join(shelf, 'arriving-'))
    await cp(making, arriving, { recursive: true })
    // Another process may have put the same there meanwhile.
    await rename(arriving, folder).catch(() => rm(arriving, { recursive: true }))
  } finally {
    await rm(making, { recursive: true })
  }
  return recordIn(folder)
}

async function recordIn(folder: string): Promise<Packed> {
  const { filename, said, files } = JSON.parse(await readFile(path.join(folder, 'packed.json'), 'utf8')) as {
    filename: string
  } & Pick<Packed, 'said' | 'files'>
  return { staged: path.join(folder, 'staged'), tarball: path.join(folder, filename), said, files }
}

/** What is published besides the build, and what the build reads; folders in it that are not published, too. */
async function publishedNames(): Promise<readonly string[]> {
  const { files } = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as {
    files: string[]
  }
  return files.filter((file) => file !== 'dist' && !file.startsWith('!'))
}

/**
 * Copies the sources into `folder` and makes the copy buildable. Tests build there and not in the repository, so that they
 * never meet a stale `dist/`, nor pull one away from under somebody else.
 */
async function stagePackage(folder: string): Promise<void> {
  for (const name of [...BUILD_FILES, ...(await publishedNames())])
    await cp(path.join(repository, name), path.join(folder, name), { recursive: true })
  await symlink(modules, path.join(folder, 'node_modules'))
}

export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  /** Both streams, for messages. */
  readonly output: string
}

/**
 * The path on which a program started in `cwd` finds others: first the Node that runs this test, so that every supported
 * Node is tried as a whole and not beside the project's own, then what is installed.
 */
export function searchPath(cwd: string): string {
  const folders = [
    path.dirname(process.execPath),
    path.join(cwd, 'node_modules/.bin'),
    path.join(modules, '.bin'),
  ]
  return [...folders, process.env['PATH']].join(path.delimiter)
}

/** Runs a program with the Node of this test first on the path; never throws for a failed program. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  // A child Vitest must not believe that it is a worker of the one that runs this test.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_OPTIONS|NODE_ENV|TEST$|npm_)/.test(name),
  )
  const env = {
    ...Object.fromEntries(inherited),
    PATH: searchPath(cwd),
    NO_COLOR: '1',
    // Complaints about the machine's npm settings are no output of ours.
    npm_config_loglevel: 'error',
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, {
      cwd,
      env,
      maxBuffer: 64 * 1024 * 1024,
    })
    return { exitCode: 0, stdout, output: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (typeof code !== 'number') throw error
    return { exitCode: code, stdout, output: stdout + stderr }
  }
}

/** Runs a program that must succeed and gives its standard output; all it printed is the message when it does not. */
export async function mustRun(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, output } = await run(command, args, cwd)
  if (exitCode !== 0) throw new Error(`\`${command} ${args.join(' ')}\` ended with ${exitCode}:\n${output}`)
  return stdout
}
