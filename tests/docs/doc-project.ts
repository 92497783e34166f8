import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'
import { searchPath } from '../packaging/staged-package.ts'

export interface DocumentProblem {
  /** The block's line in the document. */
  readonly line: number
  readonly message: string
}

/** A user's project made from one document: its files, its commands, its types. */
export interface DocProject {
  write(file: string, text: string, documentLine: number): Promise<void>
  run(script: string): Promise<{ readonly exitCode: number; readonly output: string }>
  /** What the last `run` printed on both streams; `undefined` before the first. */
  lastOutput(): string | undefined
  /** Type errors of every TypeScript file written, at the document's lines. */
  typeErrors(): Promise<DocumentProblem[]>
  remove(): Promise<void>
}

/** A documented command that takes longer is a documentation bug of its own. */
const RUN_LIMIT_MS = 60_000

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    moduleDetection: 'force',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
}

/**
 * Makes an empty project in which the built package is installed as `shakedown`, beside everything the repository has
 * installed. `modules` is the repository's node_modules, `packageFolder` a folder with a fresh build.
 */
export async function createDocProject(modules: string, packageFolder: string): Promise<DocProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shakedown-docs-'))
  await installByLinks(folder, modules, packageFolder)
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  const written = new Map<string, number>()
  let lastOutput: string | undefined
  const run = (script: string): ReturnType<DocProject['run']> => runScript(script, folder)
  return {
    async write(file, text, documentLine) {
      const target = path.join(folder, file)
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, text)
      written.set(file, documentLine)
    },
    async run(script) {
      const ended = await run(script)
      lastOutput = ended.output
      return ended
    },
    lastOutput: () => lastOutput,
    async typeErrors() {
      if (![...written.keys()].some((file) => file.endsWith('.ts'))) return []
      const { exitCode, output } = await run('tsc --project .')
      const errors = typeErrorsIn(output, written)
      if (exitCode !== 0 && errors.length === 0) throw new Error(`tsc could not check the blocks:\n${output}`)
      return errors
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function installByLinks(folder: string, modules: string, packageFolder: string): Promise<void> {
  const target = path.join(folder, 'node_modules')
  await mkdir(path.join(target, '.bin'), { recursive: true })
  for (const name of await readdir(modules))
    if (!name.startsWith('.')) await symlink(path.join(modules, name), path.join(target, name))
  for (const name of await readdir(path.join(modules, '.bin')))
    // npm puts this folder first on the path: its Node must be the one that runs the test.
    await symlink(
      name === 'node' ? process.execPath : path.join(modules, '.bin', name),
      path.join(target, '.bin', name),
    )
  await symlink(packageFolder, path.join(target, 'shakedown'))
  await symlink('../shakedown/dist/harness/cli/bin.js', path.join(target, '.bin/shakedown'))
}

/** Runs with a bare environment: a document must not work only because of what the test runner happens to set. */
function runScript(script: string, cwd: string): ReturnType<DocProject['run']> {
  const env = {
    PATH: searchPath(cwd),
    HOME: process.env['HOME'],
    NO_COLOR: '1',
    // npx complains about settings of the machine, which are nobody's documentation.
    npm_config_loglevel: 'error',
  }
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_LIMIT_MS,
    })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      // As a shell tells it; bash itself becomes the last command of a script.
      const exitCode = code ?? (signal === null ? -1 : 128 + constants.signals[signal])
      resolve({ exitCode, output: Buffer.concat(chunks).toString() })
    })
  })
}

/** Reads `block-12.ts(3,5): error TS2322: …`; the document's line is the block's, which is where one looks. */
function typeErrorsIn(output: string, written: ReadonlyMap<string, number>): DocumentProblem[] {
  return [...output.matchAll(/^(.+?)\((\d+),\d+\): (error .*)$/gm)].map(
    ([, file = '', line = '', message = '']) => ({
      line: written.get(file) ?? 0,
      message: `${file}:${line} ${message}`,
    }),
  )
}
