import { isAbsolute, resolve } from 'node:path'
import type { Plugin } from 'vitest/config'
import type { TestProject, Vitest, VitestPluginContext } from 'vitest/node'
import { ShakedownReporter } from '../../../reporters/collect/vitest-reporter.ts'
import { REPORT_DIR } from '../../../reporters/report/places.ts'
import { removeReports } from '../../../reporters/write-reports.ts'
import { valueAt } from '../../../src/base/value-at.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { workspaceRoot } from '../../scenario/file/boundary.ts'
import { hasAsciiLocale, readEnvironment } from '../../settings/environment.ts'
import { modulePath } from '../../settings/own-package.ts'
import {
  overlay,
  pluginLayer,
  settle,
  settledBudgets,
  settledValue,
  variableLayer,
} from '../../settings/settle.ts'
import type { Layer, SettledValue } from '../../settings/settle.ts'
import { withScenarioTests } from './exported-module.ts'
import { idInLife, lifeOf, withoutLife } from './lives.ts'
import { linkedImporter, linkedScenarioId, refusedScenarioModule } from './linked-scenario.ts'
import { hasMachineOutput } from './machine-output.ts'
import { checkPluginOptions, type ShakedownOptions } from './options.ts'
import type { ProvidedSettings } from '../provided.ts'
import { prepareRunsFile } from './runs-file.ts'
import { scenarioModule } from './scenario-module.ts'
import { MockWatch, requireSubjects } from './mocks/mock-watch.ts'
import type { Modules } from './mocks/re-exported.ts'
import { stateOf, type VitestState } from './vitest-state.ts'
import { SCENARIO_GLOB, scenarioLanguage } from '../../scenario/file/names.ts'

/** Vite puts its own business after the question mark; `?raw` and `?url` ask for something else than a module. */
const NO_MODULE = /\?(?:.*&)?(?:raw|url)\b/
const PLUGIN_NAME = 'shakedown'

/**
 * The setup file. It is made up, and not a file of this package: those are imported by Node, which evaluates a module
 * once for all test files of a process that runs several.
 */
const SETUP_ID = 'virtual:shakedown/setup'

/** How two copies of the plugin in one configuration know each other. */
interface PluginApi {
  readonly options: ShakedownOptions
  /** Added by the command line, with what flags and environment give: no copy reads the environment again. */
  readonly supervised: boolean
}

/**
 * @example
 * import shakedown from 'shakedown/vitest'
 * const plugin: ShakedownPlugin = shakedown()
 */
export interface ShakedownPlugin extends Plugin<PluginApi> {
  readonly name: typeof PLUGIN_NAME
}

/**
 * The plugin itself. Several copies in one configuration — the command line adds one to projects that may have it —
 * are one: the first works, with the options of all, where the last one wins.
 *
 * @param supervised this copy was added by the command line
 * @throws ConfigurationError for unknown options and impossible values
 */
export function createPlugin(options: ShakedownOptions, supervised: boolean): ShakedownPlugin {
  const own = checkedOptions(options)
  const worker = specifierOf('harness/vitest/worker/scenario-tests')
  let root = process.cwd()
  let scenarioRoot = root
  /** `undefined` for a copy that leaves the work to the first one. */
  let given: Layer | undefined
  let keepEvents = false
  let mocks = new MockWatch([], root)
  let state: VitestState | undefined
  const plugin: ShakedownPlugin = {
    name: PLUGIN_NAME,
    // Before plugins that turn YAML into data or TypeScript into JavaScript.
    enforce: 'pre',
    api: { options: own, supervised },
    configResolved: (config) => {
      root = config.root
      const copies = config.plugins.filter(isShakedown)
      keepEvents = copies.some(({ api }) => api?.supervised)
      given = copies[0] === plugin ? givenOptions(copies, config) : undefined
      const values = settle(root, given ?? {})
      scenarioRoot = settledValue(values, 'scenarioRoot') ?? workspaceRoot(root)
      mocks = new MockWatch(settledValue(values, 'subjects'), root)
    },
    resolveId(source, importer) {
      if (given === undefined) return undefined
      if (source === SETUP_ID) return SETUP_ID
      const life = lifeOf(importer)
      if (importer !== undefined && life !== undefined) return resolveInLife(this, source, importer, life)
      if (isAbsolute(source) && moduleLanguage(source) !== undefined)
        return linkedScenarioId(source, root, scenarioRoot)
      const real = source.startsWith('.') ? linkedImporter(importer) : undefined
      return real === undefined ? undefined : this.resolve(source, real)
    },
    load(id) {
      if (id === SETUP_ID) return setupModule()
      return given !== undefined && moduleLanguage(id) === 'yaml'
        ? scenarioModule(fileOf(id), worker, { root, scenarioRoot })
        : refusedScenarioModule(id, root, scenarioRoot)
    },
    transform(code, id) {
      if (given === undefined) return undefined
      if (moduleLanguage(id) === 'typescript')
        return { code: withScenarioTests(code, fileOf(id), worker), map: null }
      state?.remarks.delete(fileOf(id))
      if (!mocks.looksAt(code)) return undefined
      const found = mocks.remarksOn(code, fileOf(id), modulesOf(this))
      return found.then((remarks) => void state?.remarks.set(fileOf(id), remarks), notLookedAt)
    },
    // Called once per project. Vitest waits for what it gives back, though its types do not say so.
    configureVitest: (context): unknown => {
      if (given === undefined) return undefined
      state = configure(context, given, keepEvents, mocks)
      return checkSubjects(context, given)
    },
  }
  return plugin
}

/** A module that the look for mocks cannot be taken at is no worse for that: it fails no file. */
function notLookedAt(): void {}

/** How Vite finds modules and reads them. */
function modulesOf(context: {
  parse(code: string, options: object): unknown
  resolve(source: string, importer: string): Promise<{ readonly id: string } | null>
}): Modules {
  return {
    parse: (code, options) => context.parse(code, options),
    resolve: async (specifier, importer) => {
      const found = await context.resolve(specifier, importer)
      return found === null ? undefined : fileOf(found.id)
    },
  }
}

/** What a module of an incarnation imports, by its place or by an alias, is of the same. */
async function resolveInLife(
  context: { resolve(source: string, importer: string): Promise<{ readonly id: string } | null> },
  source: string,
  importer: string,
  life: string,
): Promise<string | undefined> {
  const found = await context.resolve(source, withoutLife(importer))
  // What is the same for all is left to Vite, with all that it knows of it.
  const id = found === null ? undefined : idInLife(found.id, life)
  return id === found?.id && !source.startsWith('.') ? undefined : id
}

/** What the plugin does to a Vitest and to one of its projects. */
function configure(
  context: VitestPluginContext,
  given: Layer,
  keepEvents: boolean,
  mocks: MockWatch,
): VitestState {
  const { vitest, project } = context
  const values = settle(vitest.config.root, given)
  addReporter(vitest, values, keepEvents)
  collectScenarios(vitest, project)
  countProcessWarnings(project)
  keepOutOfModuleCache(context, mocks)
  const provided: ProvidedSettings = {
    runsFile: prepareRunsFile(settledValue(values, 'reportDir')),
    redact: settledValue(values, 'redact'),
  }
  project.provide('shakedown', provided)
  // Here is where the watchdog's pool (`project.config.poolRunner`) hooks in.
  return stateOf(vitest)
}

/** A project of a workspace may share patterns that are about another: none is judged alone. */
async function checkSubjects({ vitest: { config } }: VitestPluginContext, given: Layer): Promise<void> {
  if (config.projects !== undefined && config.projects.length > 0) return
  const values = settle(config.root, given)
  try {
    await requireSubjects(settledValue(values, 'subjects'), config.root)
  } catch (error) {
    removeReports(settledValue(values, 'reportDir'))
    throw error
  }
}

/** Refused options must not leave the report of an earlier run: it would be read as that of this one. */
function checkedOptions(options: ShakedownOptions): ShakedownOptions {
  try {
    return checkPluginOptions(options)
  } catch (error) {
    const reportDir = valueAt(options, ['reportDir'])
    removeReports(resolve(typeof reportDir === 'string' ? reportDir : REPORT_DIR))
    throw error
  }
}

/**
 * The options of all copies and of the environment.
 *
 * @throws ShakedownError `E_ENVIRONMENT` for a variable of ours that is unknown or has an impossible value
 */
function givenOptions(
  copies: readonly ShakedownPlugin[],
  { root, configFile }: { readonly root: string; readonly configFile?: string | undefined },
): Layer {
  const where = configFile === undefined ? 'the configuration' : displayPath(configFile, root)
  const layers = copies.map(({ api }) => pluginLayer(api?.options ?? {}, where)).toReversed()
  const supervised = copies.some(({ api }) => api?.supervised)
  const cwd = process.cwd()
  return overlay(...(supervised ? [] : [variableLayer(readEnvironment(), cwd)]), ...layers)
}

function isShakedown(plugin: { readonly name: string }): plugin is ShakedownPlugin {
  return plugin.name === PLUGIN_NAME
}

function addReporter(vitest: Vitest, values: readonly SettledValue[], keepEvents: boolean): void {
  const state = stateOf(vitest)
  if (state.reports) return
  state.reports = true
  const stream = hasMachineOutput(vitest) ? process.stderr : process.stdout
  vitest.config.reporters.push(
    new ShakedownReporter({
      root: vitest.config.root,
      stream,
      asciiTerminal: hasAsciiLocale(),
      reportDir: settledValue(values, 'reportDir'),
      redact: settledValue(values, 'redact'),
      files: settledValue(values, 'files'),
      print: settledValue(values, 'print'),
      budgets: settledBudgets(values),
      remarks: state.remarks,
      keepEvents,
    }),
  )
}

/**
 * Adds scenario files to what a project looks for. Of several projects over one folder the first one runs them: a
 * scenario has nothing to gain from running once as `unit` and once as `integration`. Workers in a browser cannot.
 *
 * This is not done in the `config` hook because Vitest 5 does not call that for the projects of a workspace.
 */
function collectScenarios(vitest: Vitest, { config }: TestProject): void {
  const { folders } = stateOf(vitest)
  if (folders.has(config.root) || config.browser.enabled) return
  folders.add(config.root)
  // A new list: the one that is there may be Vitest's own default, shared by all projects.
  config.include = [...config.include, SCENARIO_GLOB]
  // Vitest leaves the test files it knows of out of the coverage before any plugin has added its own.
  vitest.config.coverage.exclude.push(SCENARIO_GLOB)
}

/**
 * What Node warns of in a worker goes past Vitest, so it is counted there. A browser has no such warnings, and workers
 * that import by Node alone ask no plugin for a module.
 */
function countProcessWarnings({ config }: TestProject): void {
  if (config.browser.enabled || config.experimental.viteModuleRunner === false) return
  config.setupFiles = [...config.setupFiles, SETUP_ID]
}

function setupModule(): string {
  const module = JSON.stringify(specifierOf('reporters/worker/process-warnings'))
  return `import { countProcessWarnings } from ${module}\ncountProcessWarnings()\n`
}

/**
 * Vitest 5 keeps what it made of a module on disk and takes it again while the module's own text is the same. What we
 * make of a scenario file also depends on this package, which may have been rebuilt, linked or moved since; and a
 * module that mocks others has to be read, for the report, in every run.
 */
function keepOutOfModuleCache(context: VitestPluginContext, mocks: MockWatch): void {
  // Vitest 4.1 has it under its first name only.
  const { defineCacheKeyGenerator, experimental_defineCacheKeyGenerator }: Partial<VitestPluginContext> =
    context
  const define = defineCacheKeyGenerator ?? experimental_defineCacheKeyGenerator
  define?.(({ id, sourceCode }) =>
    moduleLanguage(id) === undefined && !mocks.looksAt(sourceCode) ? undefined : false,
  )
}

/** What the scenario file is written in that Vite wants as a module; `undefined` for anything else. */
function moduleLanguage(id: string): ReturnType<typeof scenarioLanguage> {
  return NO_MODULE.test(id) ? undefined : scenarioLanguage(fileOf(id))
}

function fileOf(id: string): string {
  return id.replace(/\?.*$/, '')
}

/** Module specifiers have slashes on every system. */
function specifierOf(module: string): string {
  return modulePath(module).replaceAll('\\', '/')
}
