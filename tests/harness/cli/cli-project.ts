import { spawn, type ChildProcess } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtModule, builtPackage, installedModules, VITEST_HOMES } from '../../support/built-package.ts'
import { parseReport } from '../../../reporters/report/parse.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

export const repository: string = fileURLToPath(new URL('../../..', import.meta.url))

/** How a `shakedown` ended and what it said. */
export interface Said {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Flags for Node itself. */
  readonly node?: readonly string[]
  /** A command that runs the command that follows it. */
  readonly through?: readonly string[]
}

/** A project of its own in a temporary folder, with a real `shakedown`, as it is built, in a process of its own. */
export class CliProject {
  readonly folder: string = realpathSync(mkdtempSync(path.join(tmpdir(), 'shakedown-cli-')))

  readonly #package: string

  /**
   * @param fixture a folder of tests/fixtures to start from; none for an empty project
   * @param modules the folder whose installed packages the project has; `null` for none
   */
  constructor(fixture?: string, modules: string | null = repository) {
    if (fixture !== undefined)
      cpSync(path.join(repository, 'tests/fixtures', fixture), this.folder, {
        recursive: true,
        // What somebody's run in the fixture itself has left behind.
        filter: (source) => !/\/(?:node_modules|\.shakedown)$/.test(source),
      })
    const line = modules === VITEST_HOMES[4] ? 4 : 5
    this.#package = builtPackage(line)
    this.write('package.json', '{ "type": "module" }')
    if (modules !== null) symlinkSync(installedModules(line), path.join(this.folder, 'node_modules'))
  }

  path(file: string): string {
    return path.join(this.folder, file)
  }

  write(file: string, text: string | Uint8Array): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), text)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  /** The names in a folder; none where there is no such folder. */
  list(folder: string): string[] {
    return this.has(folder) ? readdirSync(this.path(folder)) : []
  }

  has(file: string): boolean {
    return existsSync(this.path(file))
  }

  /** The report of the last run; parsed, so that it is known to be a whole one. */
  report(folder = '.shakedown'): RunReport {
    const file = path.join(folder, 'report.json')
    return parseReport(this.read(file), file)
  }

  /** `shakedown ARGS…`, not waited for. */
  start(args: readonly string[], { env = {}, node = [], through = [] }: StartOptions = {}): ChildProcess {
    const bin = builtModule(this.#package, 'harness/cli/bin')
    const command = [...through, process.execPath, ...node, bin, ...args]
    return spawn(command[0] ?? '', command.slice(1), {
      cwd: this.folder,
      env: { ...quietEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** `shakedown ARGS…` to its end. */
  run(args: readonly string[], options?: StartOptions): Promise<Said> {
    return ended(this.start(args, options))
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Waits for the end of a process and of what it says. */
export async function ended(child: ChildProcess): Promise<Said> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }))
  })
}

/** This process is a Vitest worker, perhaps on CI: what it was told is not for the Vitest it starts. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|CI$|GITHUB_|(?:FORCE|NO)_COLOR$|NODE_ENV$|TEST$|SHAKEDOWN_)/.test(name),
  )
  return Object.fromEntries(inherited)
}
