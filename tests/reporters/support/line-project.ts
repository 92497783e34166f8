import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LINES, runVitest } from './run-fixture.ts'
import { builtPackage } from '../../support/built-package.ts'
import type { FixtureOptions, FixtureRun, Line } from './run-fixture.ts'

/** A project in a folder of its own, on one line of Vitest; its reports go to `.shakedown`. */
export interface LineProject extends Disposable {
  readonly root: string
  readonly reportDir: string
  run(args?: readonly string[], more?: Omit<FixtureOptions, 'args' | 'reportDir'>): Promise<FixtureRun>
}

/**
 * Writes a project whose tests run one file at a time, in the order of their names.
 *
 * @param files texts by path
 * @param testOptions further source for `test: { … }` in its configuration
 * @param plugin the reporter alone, or the plugin as users have it
 */
export function lineProject(
  line: Line,
  files: Readonly<Record<string, string>>,
  testOptions = '',
  plugin: 'reporter' | 'whole' = 'reporter',
): LineProject {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'shakedown-line-')))
  const reportDir = path.join(root, '.shakedown')
  for (const [name, text] of Object.entries({
    ...files,
    'package.json': '{ "type": "module" }',
    'vitest.config.ts': configOf(testOptions, plugin),
  })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  mkdirSync(path.join(root, 'node_modules'))
  symlinkSync(LINES[line], path.join(root, 'node_modules/vitest'), 'junction')
  symlinkSync(builtPackage(line === '5' ? 5 : 4), path.join(root, 'node_modules/shakedown'), 'junction')
  return {
    root,
    reportDir,
    run: (args = [], more = {}) =>
      runVitest(line, { root, config: path.join(root, 'vitest.config.ts') }, { ...more, args, reportDir }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

function configOf(testOptions: string, plugin: 'reporter' | 'whole'): string {
  return `
    import { BaseSequencer } from 'vitest/node'
    ${plugin === 'whole' ? "import shakedown from 'shakedown/vitest'\nconst plugin = shakedown()" : REPORTER_ALONE}
    class ByName extends BaseSequencer {
      async sort(files) { return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1)) }
    }
    export default {
      plugins: [plugin],
      test: {
        reporters: ['default'],
        fileParallelism: false,
        sequence: { sequencer: ByName },
        ${testOptions}
      },
    }`
}

/** By a name made at run time, so that Vite does not bundle it into the configuration. */
const REPORTER_ALONE = `
    const { ShakedownReporter } = await import(process.env.REPORTER)
    const reporter = new ShakedownReporter({ stream: process.stdout, ...JSON.parse(process.env.REPORTER_OPTIONS ?? '{}') })
    // The hook is called once per project, and by Vitest 4 from a copy of this file each.
    const plugin = { name: 'reports', configureVitest: ({ vitest }) => {
      if (!globalThis.reports) vitest.config.reporters.push((globalThis.reports = reporter))
    } }`
