/** What `shakedown run` has for an option of Vitest under another name, or does anyway. */
const OURS: Readonly<Record<string, string>> = {
  testNamePattern: 'Here it is `--name`, or `-t`.',
  c: 'Here it is `--config`.',
  r: 'Start it in that folder instead, or name the folder as a path.',
  root: 'Start it in that folder instead, or name the folder as a path.',
  dir: 'Name the folder as a path: `shakedown run FOLDER`.',
  run: 'Leave it out: `shakedown run` never watches.',
  reporter:
    'Reporters that write files are named in the Vitest configuration (`test.reporters`) and keep writing; `--json` prints the report on stdout, and `--verbose` what Vitest prints.',
  outputFile: 'Reports go to the folder of `--report-dir`; `--json` prints the report on stdout.',
  silent: 'Leave it out: what tests print is shown with `--verbose` only.',
  color: 'Colour follows the terminal; NO_COLOR=1 and FORCE_COLOR=1 decide otherwise.',
}

/** Options that are a key of `test` in Vitest's configuration, which is read here, too. */
const CONFIGURED: ReadonlySet<string> = new Set([
  'allowOnly',
  'coverage',
  'dangerouslyIgnoreUnhandledErrors',
  'disableConsoleIntercept',
  'environment',
  'exclude',
  'expandSnapshotDiff',
  'expect',
  'fileParallelism',
  'globals',
  'hookTimeout',
  'isolate',
  'logHeapUsage',
  'maxConcurrency',
  'maxWorkers',
  'passWithNoTests',
  'pool',
  'retry',
  'sequence',
  'slowTestThreshold',
  'teardownTimeout',
  'testTimeout',
  'typecheck',
])

/** Those of them that the configuration has one level further down. */
const SWITCHES: ReadonlySet<string> = new Set(['coverage', 'typecheck'])

/** Options that only Vitest's own command has, of Vitest 5 or 4.1. */
const VITEST_ONLY: ReadonlySet<string> = new Set([
  'api',
  'attachmentsDir',
  'browser',
  'cache',
  'changed',
  'clearCache',
  'clearScreen',
  'configLoader',
  'detectAsyncLeaks',
  'diff',
  'dom',
  'execArgv',
  'experimental',
  'fsModuleCache',
  'fsModuleCachePath',
  'hideSkippedTests',
  'includeTaskLocation',
  'injectCjsGlobals',
  'inspect',
  'inspectBrk',
  'lastFailed',
  'listTags',
  'mergeReports',
  'mode',
  'open',
  'p',
  'printConsoleTrace',
  'project',
  'related',
  'repeats',
  'sharedViteServer',
  'sinceLastRun',
  'standalone',
  'strictTags',
  'tagsFilter',
  'u',
  'ui',
  'update',
  'vmMemoryLimit',
  'w',
  'watch',
])

/** Those that have a command of their own instead of `run`. */
const WATCHING: ReadonlySet<string> = new Set(['ui', 'w', 'watch', 'standalone'])

/**
 * What to do with an option of Vitest that `shakedown run` does not have; `undefined` for one that Vitest does not
 * have either.
 *
 * @param given as typed: `--coverage.enabled=true`, `--no-isolate`, `-u`
 */
export function adviceOnVitestOption(given: string): string | undefined {
  const [typed = ''] = given.split('=')
  const [name = ''] = typed.replace(/^--?(?:no-)?/, '').split('.')
  const key = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const ours = Object.hasOwn(OURS, key) ? OURS[key] : undefined
  if (ours !== undefined) return ours
  const isConfigured = CONFIGURED.has(key)
  if (!isConfigured && !VITEST_ONLY.has(key)) return undefined
  const vitest = `\`npx vitest ${WATCHING.has(key) ? '' : 'run '}${typed}\``
  const same =
    'with the plugin `shakedown()` in the Vitest configuration it runs scenarios, too, and leaves the same report'
  if (!isConfigured) return `Use ${vitest}: ${same}.`
  const configured = SWITCHES.has(key) ? `${key}.enabled` : key
  return `Set \`test.${configured}\` in the Vitest configuration, which is read here, too; or use ${vitest}: ${same}.`
}
