import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { installedModules, VITEST_HOMES } from '../../support/built-package.ts'

const repository = VITEST_HOMES[5]

/** The Vitest versions we support, each where its own modules resolve. */
export const versions = [5, 4] as const
export type Version = (typeof versions)[number]

export interface Finished {
  readonly code: number | null
  /** What was printed, without colours. */
  readonly output: string
  /** The part of it that went to the standard output. */
  readonly stdout: string
}

/** A project of its own in a temporary folder, tested by a real Vitest in a process of its own. */
export class VitestProject {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'shakedown-vitest-')))
  /** What the environment of its processes says besides. */
  readonly env: Record<string, string> = {}
  /** Flags for Node itself. */
  readonly nodeFlags: string[] = []
  readonly #version: Version
  readonly #plugins: string
  readonly #children = new Set<ChildProcess>()

  /** @param fixture a folder of tests/fixtures/vitest to start from */
  constructor(fixture: string, version: Version, plugins = 'shakedown({ print: false })') {
    this.#version = version
    cpSync(join(repository, 'tests/fixtures/vitest', fixture), this.folder, { recursive: true })
    symlinkSync(installedModules(version), join(this.folder, 'node_modules'))
    this.write('package.json', '{ "type": "module" }')
    this.#plugins = plugins
    this.configure('')
  }

  /** @param more further keys of the configuration, as text: `resolve: { alias: { … } }` */
  configure(more: string): void {
    this.write(
      'vitest.config.ts',
      `import shakedown from 'shakedown/vitest'\nexport default { plugins: [${this.#plugins}], ${more} }\n`,
    )
  }

  /** The names of its own files begin with `@/`, too. */
  withAlias(): this {
    this.configure(`resolve: { alias: { '@': ${JSON.stringify(this.folder)} } }`)
    return this
  }

  path(file: string): string {
    return join(this.folder, file)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text)
  }

  /** `LINE:COLUMN` of a piece of a file's text. */
  placeOf(file: string, piece: string): string {
    const text = this.read(file)
    const offset = text.indexOf(piece)
    if (offset === -1) throw new Error(`Expected ${file} to contain ${piece}.`)
    const before = text.slice(0, offset).split('\n')
    return `${before.length}:${before.at(-1)!.length + 1}`
  }

  /** `vitest ARGS…` to its end. */
  async vitest(...args: readonly string[]): Promise<Finished> {
    const child = this.start(...args)
    let output = ''
    let stdout = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += String(chunk)
      stdout += String(chunk)
    })
    child.stderr?.on('data', (chunk: Buffer) => (output += String(chunk)))
    const code = await new Promise<number | null>((done) => child.once('close', done))
    return { code, output: stripVTControlCharacters(output), stdout }
  }

  start(...args: readonly string[]): ChildProcess {
    const cli = join(VITEST_HOMES[this.#version], 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [...this.nodeFlags, cli, ...args], {
      cwd: this.folder,
      env: { ...childEnvironment(), ...this.env },
    })
    this.#children.add(child)
    child.once('close', () => this.#children.delete(child))
    return child
  }

  /** Also ends what a test that timed out has left running. */
  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true })
  }
}

/** This process is a Vitest worker itself: what it was told must not reach the Vitest it starts. */
function childEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|CI$|GITHUB_|FORCE_COLOR$|NODE_ENV$|SHAKEDOWN_)/.test(name),
  )
  return { ...Object.fromEntries(inherited), NO_COLOR: '1' }
}

/** A test of a JSON report. */
export interface JsonTest {
  readonly fullName: string
  readonly status: string
  readonly failureMessages: readonly string[]
  readonly location?: { readonly line: number; readonly column: number } | null
  readonly meta: { readonly shakedown?: { readonly scenario?: Record<string, unknown> } }
}

/** All tests of a JSON report, also those of one name. */
export function testsIn(report: string): readonly JsonTest[] {
  const { testResults } = JSON.parse(report) as { testResults: { assertionResults: JsonTest[] }[] }
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}
