import path from 'node:path'
import { REPORT_DIR } from '../../reporters/journal/report-dir.ts'
import shakedown from '../vitest/plugin.ts'
import type { SettledSettings, SettledValue, VitestJob } from './messages.ts'
import type { VitestInstance, VitestModule } from './vitest-api.ts'

/** Vitest's own reporters that talk to a terminal; those that write files (junit, json, html, …) keep working. */
const TALKERS = new Set([
  'default',
  'agent',
  'basic',
  'dot',
  'hanging-process',
  'minimal',
  'tap',
  'tap-flat',
  'tree',
  'verbose',
])

/** The plugin's options with their defaults; kept equal to `ShakedownOptions` by the compiler. */
const DEFAULTS: Readonly<Record<PluginOption, unknown>> = {
  reportDir: REPORT_DIR,
  redact: [],
  files: true,
  print: true,
}

type PluginOption = keyof NonNullable<Parameters<typeof shakedown>[0]>

/** What this file knows of a Vite plugin. */
interface VitePlugin {
  readonly name: string
  readonly api?: { readonly options?: Readonly<Record<string, unknown>> } | undefined
}

interface ViteConfig {
  readonly root: string
  readonly configFile?: string | undefined
  readonly plugins: readonly VitePlugin[]
}

/** A Vitest that is configured and has not run anything. */
export interface VitestSession {
  readonly vitest: VitestInstance
  readonly settings: SettledSettings
}

/**
 * Starts the project's Vitest with the plugin of this package added. A project that has the plugin keeps its options,
 * save those that a flag or the environment overrules.
 *
 * @param reporter told of the run's progress
 * @throws whatever the project's configuration throws
 */
export async function openVitest(
  module: VitestModule,
  job: VitestJob,
  reporter: unknown,
): Promise<VitestSession> {
  const overrides = job.reportDir === undefined ? {} : { reportDir: job.reportDir }
  // The supervisor writes and prints, because it is there whatever happens here.
  const added = shakedown({ ...overrides, files: false, print: false })
  let copies: readonly VitePlugin[] = []
  let root = job.cwd
  let configFile: string | undefined
  const observer = {
    name: 'shakedown:supervised',
    configResolved: (config: ViteConfig) => {
      // Every project of a workspace comes by; the first is the root.
      if (copies.length > 0) return
      copies = config.plugins.filter(({ name }) => name === added.name)
      root = config.root
      configFile = config.configFile
    },
    configureVitest: ({ vitest }: { readonly vitest: VitestInstance }) => {
      const { config } = vitest
      if (!job.verbose) config.reporters = config.reporters.filter((entry) => !isTalker(entry))
      if (!config.reporters.includes(reporter)) config.reporters.push(reporter)
    },
  }
  const options = {
    watch: false,
    ...(job.config === undefined ? {} : { config: job.config }),
    ...(job.name === undefined ? {} : { testNamePattern: job.name }),
  }
  const vitest = await module.createVitest('test', options, { plugins: [added, observer] })
  const given = copies
    .filter((copy) => copy !== added)
    .flatMap(({ api }) => Object.entries(api?.options ?? {}))
  return { vitest, settings: { root, configFile, ...settle(root, Object.fromEntries(given), overrides) } }
}

function settle(
  root: string,
  given: Readonly<Record<string, unknown>>,
  overrides: Readonly<Record<string, unknown>>,
): Pick<SettledSettings, 'reportDir' | 'values'> {
  const values = Object.entries(DEFAULTS).map(([name, preset]): SettledValue => {
    if (overrides[name] !== undefined) return { name, value: overrides[name], source: 'override' }
    if (given[name] !== undefined) return { name, value: given[name], source: 'plugin' }
    return { name, value: preset, source: 'default' }
  })
  const reportDir = String(values.find(({ name }) => name === 'reportDir')?.value)
  return { reportDir: path.resolve(root, reportDir), values }
}

/** A reporter in Vitest's resolved configuration: `[name, options]`, or an object of somebody's own. */
function isTalker(entry: unknown): boolean {
  return Array.isArray(entry) && TALKERS.has(String(entry[0]))
}
