import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configDefaults, type Plugin } from 'vitest/config'
import type { Vitest, VitestPluginContext } from 'vitest/node'
import { ShakedownReporter } from '../../reporters/collect/vitest-reporter.ts'
import { REPORT_DIR } from '../../reporters/journal/report-dir.ts'
import { withScenarioTests } from './exported-module.ts'
import { checkPluginOptions, type ShakedownOptions } from './options.ts'
import type { ProvidedSettings } from './provided.ts'
import { prepareRunsFile } from './runs-file.ts'
import { scenarioModule } from './scenario-module.ts'

export type { ShakedownOptions } from './options.ts'

/** What makes a file a scenario file. */
const SCENARIO_FILES = '**/*.scenario.{yaml,yml,ts}'
/** Vite puts its own business behind the question mark; `?raw` and `?url` ask for something else than a module. */
const YAML_MODULE = /\.scenario\.ya?ml(?:\?(?!(?:.*&)?(?:raw|url)\b).*)?$/
const TS_MODULE = /\.scenario\.ts(?:\?(?!(?:.*&)?(?:raw|url)\b).*)?$/
const PLUGIN_NAME = 'shakedown'

/** How two copies of the plugin in one configuration know each other. */
export interface ShakedownPlugin extends Plugin<{ readonly options: ShakedownOptions }> {
  readonly name: typeof PLUGIN_NAME
}

/**
 * The Vitest plugin: scenario files become tests, and every run leaves a report.
 *
 * Present twice — the command line adds it to projects that may have it — the first one works, with the options of
 * both, where the last one wins.
 *
 * @throws ConfigurationError for unknown options and impossible values
 *
 * @example
 * // vitest.config.ts
 * import shakedown from 'shakedown/vitest'
 * export default { plugins: [shakedown({ reportDir: 'reports' })] }
 */
export default function shakedown(options: ShakedownOptions = {}): ShakedownPlugin {
  const own = checkPluginOptions(options)
  const worker = siblingPath('scenario-tests')
  let root = process.cwd()
  /** `undefined` for a copy that leaves the work to the first one. */
  let settled: SettledOptions | undefined
  const plugin: ShakedownPlugin = {
    name: PLUGIN_NAME,
    // Before plugins that turn YAML into data or TypeScript into JavaScript.
    enforce: 'pre',
    api: { options: own },
    config: ({ test }) => ({ test: { include: missingPatterns(test?.include) } }),
    configResolved: (config) => {
      root = config.root
      const copies = config.plugins.filter(isShakedown)
      settled = copies[0] === plugin ? mergeOptions(copies) : undefined
    },
    load: (id) =>
      settled !== undefined && YAML_MODULE.test(id) ? scenarioModule(fileOf(id), worker, root) : undefined,
    transform: (code, id) =>
      settled !== undefined && TS_MODULE.test(id)
        ? { code: withScenarioTests(code, fileOf(id), worker), map: null }
        : undefined,
    configureVitest: (context) => {
      const { vitest, project } = context
      // Here, per project, is where the watchdog's pool (`project.config.poolRunner`) and the worker's setup files
      // (`project.config.setupFiles`) hook in.
      if (settled === undefined) return
      addReporter(vitest, settled)
      keepOutOfModuleCache(context)
      const reportDir = resolve(vitest.config.root, settled.reportDir ?? REPORT_DIR)
      const provided: ProvidedSettings = {
        runsFile: prepareRunsFile(reportDir),
        redact: settled.redact ?? [],
      }
      project.provide('shakedown', provided)
    },
  }
  return plugin
}

/** Options that somebody gave; what nobody gave is not there. */
type SettledOptions = { readonly [K in keyof ShakedownOptions]?: Exclude<ShakedownOptions[K], undefined> }

function mergeOptions(copies: readonly ShakedownPlugin[]): SettledOptions {
  const given = copies.flatMap(({ api }) => Object.entries(api?.options ?? {}))
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

/** What has to be added to a project's patterns; Vite adds lists together, so what is there must not come again. */
function missingPatterns(include: readonly string[] | undefined): string[] {
  if (include === undefined) return [...configDefaults.include, SCENARIO_FILES]
  return include.includes(SCENARIO_FILES) ? [] : [SCENARIO_FILES]
}

function isShakedown(plugin: { readonly name: string }): plugin is ShakedownPlugin {
  return plugin.name === PLUGIN_NAME
}

/** Vitest instances that report already: every project of a workspace asks. */
const reporting = new WeakSet<Vitest>()

function addReporter(vitest: Vitest, options: SettledOptions): void {
  if (reporting.has(vitest)) return
  reporting.add(vitest)
  vitest.config.reporters.push(new ShakedownReporter({ root: vitest.config.root, ...options }))
}

/**
 * Vitest 5 keeps what it made of a module on disk and takes it again while the module's own text is the same. What we
 * make of a scenario file also depends on this package, which may have been rebuilt, linked or moved since.
 */
function keepOutOfModuleCache(context: VitestPluginContext): void {
  // Vitest 4.1 has it under its first name only.
  const { defineCacheKeyGenerator, experimental_defineCacheKeyGenerator }: Partial<VitestPluginContext> =
    context
  const define = defineCacheKeyGenerator ?? experimental_defineCacheKeyGenerator
  define?.(({ id }) => (YAML_MODULE.test(id) || TS_MODULE.test(id) ? false : undefined))
}

function fileOf(id: string): string {
  return id.replace(/\?.*$/, '')
}

/** The path of a module beside this one, as source or as built: both have the same extension. */
function siblingPath(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  // Module specifiers have slashes on every system.
  return fileURLToPath(new URL(`./${name}${extension}`, import.meta.url)).replaceAll('\\', '/')
}
