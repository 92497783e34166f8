import { expect, test } from 'vitest'
import { ROWS } from '../../../harness/settings/table.ts'
import shakedown from '../../../harness/vitest/plugin.ts'

const SCENARIOS = '**/*.scenario.{yaml,yml,ts}'

/** The hooks we use are plain functions; Vite's types allow more. */
function hooksOf(plugin = shakedown()) {
  return plugin as unknown as {
    configResolved: (config: { root: string; plugins: readonly unknown[] }) => void
    load: (id: string) => { code: string } | undefined
    transform: (code: string, id: string) => { code: string } | undefined
    configureVitest: (context: { vitest: object; project: object }) => void
  }
}

/** What the plugin touches of a project; its patterns are what it looks for. */
function projectAt(root: string, include: readonly string[], browser = false) {
  const provided: unknown[] = []
  return {
    config: { root, include, setupFiles: [], experimental: {}, browser: { enabled: browser } },
    provided,
    provide: (...given: unknown[]) => provided.push(given),
  }
}

function vitestAt(root: string) {
  return { config: { root, reporters: ['default'] as unknown[], coverage: { exclude: [] as string[] } } }
}

function configure(...projects: ReturnType<typeof projectAt>[]): (readonly string[])[] {
  const hooks = hooksOf()
  hooks.configResolved({ root: '/p', plugins: [hooks] })
  const vitest = vitestAt('/p')
  for (const project of projects) hooks.configureVitest({ vitest, project })
  return projects.map(({ config }) => config.include)
}

test("scenario files are added to a project's patterns, whose own list stays what it was", () => {
  const shared = Object.freeze(['**/*.test.ts'])
  expect(configure(projectAt('/p', shared))).toEqual([['**/*.test.ts', SCENARIOS]])
  expect(shared).toEqual(['**/*.test.ts'])
})

test('of several projects over one folder the first one runs scenarios; another folder has its own', () => {
  expect(configure(projectAt('/p', ['a']), projectAt('/p', ['b']), projectAt('/p/sub', ['c']))).toEqual([
    ['a', SCENARIOS],
    ['b'],
    ['c', SCENARIOS],
  ])
})

test('a project in a browser leaves scenarios to the next one', () => {
  expect(configure(projectAt('/p', ['a'], true), projectAt('/p', ['b']))).toEqual([['a'], ['b', SCENARIOS]])
})

test.each([
  ['/p/a.scenario.yaml', true],
  ['/p/a.scenario.yml?t=123', true],
  ['/p/a.scenario.yaml?import', true],
  ['/p/a.scenario.yaml?raw', false],
  ['/p/a.scenario.yaml?import&url', false],
  ['/p/a.yaml', false],
  ['/p/scenario.yaml', false],
])('%s is a scenario module: %s', (id, expected) => {
  const hooks = hooksOf()
  hooks.configResolved({ root: '/p', plugins: [hooks] })
  expect(hooks.load(id) !== undefined).toBe(expected)
})

test('scenarios in TypeScript keep their text and gain one registration behind it', () => {
  const hooks = hooksOf()
  hooks.configResolved({ root: '/p', plugins: [hooks] })
  const code = 'export const a: number = 1'
  expect(hooks.transform(code, '/p/a.scenario.ts')?.code).toMatch(/^export const a: number = 1\n;import /)
  expect(hooks.transform(code, '/p/a.test.ts')).toBeUndefined()
})

test('two copies: the first one works, with the options of both, the last one winning', () => {
  const [first, second] = [shakedown({ reportDir: 'a', print: false }), shakedown({ reportDir: 'b' })]
  const config = { root: '/p', plugins: [{ name: 'other' }, first, second] }
  const [a, b] = [hooksOf(first), hooksOf(second)]
  a.configResolved(config)
  b.configResolved(config)
  expect(a.load('/p/a.scenario.yaml')).toBeDefined()
  expect(b.load('/p/a.scenario.yaml')).toBeUndefined()
  expect(b.transform('', '/p/a.scenario.ts')).toBeUndefined()
  const [vitest, project] = [vitestAt('/p'), projectAt('/p', [])]
  a.configureVitest({ vitest, project })
  b.configureVitest({ vitest, project })
  // Called once per project of a workspace.
  a.configureVitest({ vitest, project })
  expect(vitest.config.reporters).toHaveLength(2)
  const settings = ['shakedown', { runsFile: '/p/b/runs.db', redact: [] }]
  expect(project.provided).toEqual([settings, settings])
  expect(project.config.include).toEqual([SCENARIOS])
})

test('the default of a setting is that of the table, also where no command line settles it', () => {
  const row = ROWS.find(({ name }) => name === 'reportDir') ?? {}
  const before = { ...row }
  const hooks = hooksOf()
  hooks.configResolved({ root: '/p', plugins: [hooks] })
  const project = projectAt('/p', [])
  Object.assign(row, { preset: 'elsewhere' })
  try {
    hooks.configureVitest({ vitest: vitestAt('/p'), project })
  } finally {
    Object.assign(row, before)
  }
  expect(project.provided).toEqual([['shakedown', { runsFile: '/p/elsewhere/runs.db', redact: [] }]])
})

test('options are checked, with the nearest known name', () => {
  expect(() => shakedown(null as never)).toThrow('Expected the options of the Vitest plugin to be valid')
  expect(() => shakedown({ reportdir: 'x' } as never)).toThrow(
    'Unknown option `reportdir` of the Vitest plugin. Did you mean `reportDir`?',
  )
  expect(() => shakedown({ print: 'yes' } as never)).toThrow(
    /Expected `print` of the Vitest plugin to be valid: true or false; got "yes"/,
  )
  expect(() => shakedown({ budgets: { warning: 1 } } as never)).toThrow(
    'Unknown option `budgets.warning` of the Vitest plugin. Did you mean `warnings`?',
  )
  expect(() => shakedown({ budgets: { warnings: -1 } })).toThrow(
    /Expected `budgets\.warnings` of the Vitest plugin to be valid: a whole number from 0; got -1/,
  )
  expect(() => shakedown({ redact: ['hunter222'] })).not.toThrow()
})
