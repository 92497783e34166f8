import { createPlugin } from '../../vitest/plugin/create-plugin.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { pluginLayer, settle, settledValue, toPluginOptions } from '../../settings/settle.ts'
import type { SettledSettings, VitestJob } from '../supervisor/messages.ts'
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

/** What this file knows of a Vite plugin. */
interface VitePlugin {
  readonly name: string
  readonly api?: { readonly options?: object } | undefined
}

/** The options a configuration file gives Vitest, as far as they are changed here. */
interface GivenTestOptions {
  reporters?: unknown
  projects?: readonly unknown[]
}

interface ResolvedViteConfig {
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
  // The report is written here, see run-report.ts, and printed by the supervisor, which is there whatever happens here.
  const plugin = (): VitePlugin =>
    createPlugin({ ...toPluginOptions(job.overrides), files: false, print: false }, true)
  const added = plugin()
  let resolved: ResolvedViteConfig = { root: job.cwd, plugins: [] }
  const observer = {
    name: 'shakedown:supervised',
    // Changed in place: what is returned would be added to what is there.
    config: (given: { test?: GivenTestOptions }) => {
      const test = (given.test ??= {})
      test.reporters = reportersOf(test.reporters, job.verbose).concat(reporter)
      test.projects &&= test.projects.map((project) => withPlugin(project, plugin))
    },
    configResolved: (config: ResolvedViteConfig) => {
      // Every project of a workspace comes by; the first is the root.
      if (resolved.plugins.length === 0) resolved = config
    },
  }
  const { shard, bail } = job.overrides
  const options = {
    watch: false,
    ...(shard === undefined ? {} : { shard: shard.value }),
    ...(bail === undefined ? {} : { bail: bail.value }),
    ...(job.config === undefined ? {} : { config: job.config }),
    ...(job.name === undefined ? {} : { testNamePattern: job.name }),
  }
  const vitest = await module.createVitest('test', options, { plugins: [added, observer] })
  return { vitest, settings: settlePlugin(resolved, added, job) }
}

/** What holds for the plugin, whose options are those of all its copies. */
function settlePlugin(
  { root, configFile, plugins }: ResolvedViteConfig,
  added: VitePlugin,
  { cwd, overrides }: VitestJob,
): SettledSettings {
  const copies = plugins.filter((copy) => copy.name === added.name && copy !== added)
  const where = configFile === undefined ? 'the configuration' : displayPath(configFile, cwd)
  const layers = copies.map(({ api }) => pluginLayer(api?.options ?? {}, where))
  const values = settle(root, overrides, ...layers.toReversed())
  return { root, configFile, reportDir: settledValue(values, 'reportDir'), values: [...values] }
}

/** The project's reporters without those that talk, unless they are wanted. */
function reportersOf(given: GivenTestOptions['reporters'], verbose: boolean): unknown[] {
  const entries: unknown[] = Array.isArray(given) ? given : given === undefined ? ['default'] : [given]
  return verbose
    ? entries
    : entries.filter((entry) => !TALKERS.has(String(Array.isArray(entry) ? entry[0] : entry)))
}

/** Projects of a workspace do not inherit plugins that were added from outside of their file. */
function withPlugin(project: unknown, plugin: () => VitePlugin): unknown {
  // A path or a function leads to a configuration of its own, which has the plugin or has no scenarios.
  if (typeof project !== 'object' || project === null || project instanceof Promise) return project
  const plugins = 'plugins' in project && Array.isArray(project.plugins) ? (project.plugins as unknown[]) : []
  return { ...project, plugins: [...plugins, plugin()] }
}
