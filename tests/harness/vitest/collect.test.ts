import { afterAll, expect, test } from 'vitest'
import { openSqliteAuditReader } from '../../../src/index.ts'
import { testsIn, versions, VitestProject, type JsonTest } from './vitest-project.ts'

const testsBeganMs = Date.now()

/** One whole run per version: what it printed and what it reported is what the tests below are about. */
const runs = await Promise.all(
  versions.map(async (version) => {
    const project = new VitestProject('suite', version)
    const flags = ['--includeTaskLocation', '--reporter=verbose', '--reporter=json', '--outputFile=out.json']
    const { code, output } = await project.vitest('run', ...flags)
    const tests = new Map(testsIn(project.read('out.json')).map((found) => [found.fullName.trim(), found]))
    const named = (name: string): JsonTest => {
      const found = tests.get(name)
      if (found === undefined)
        throw new Error(`Expected a test named ${name}, got ${[...tests.keys()].join(', ')}.`)
      return found
    }
    return { version, project, code, output, tests, named }
  }),
)
afterAll(() => runs.forEach(({ project }) => project[Symbol.dispose]()))

test.for(runs)('Vitest $version is the one that ran', ({ version, output, code }) => {
  expect(output).toMatch(new RegExp(` RUN +v${version}\\.`))
  expect(code).toBe(1)
})

test.for(runs)(
  'Vitest $version: each scenario and each row is a test, beside the ordinary ones',
  ({ tests }) => {
    expect([...tests].map(([name, { status }]) => `${status} ${name}`).toSorted()).toEqual([
      'failed built: expects too much',
      'failed expects too much',
      'failed names a file that is not there',
      'failed names a file that throws',
      'failed names an export that is not there',
      'failed names something that cannot run',
      'failed scripts a fault that never fires',
      'passed a second try succeeds',
      'passed a step of ours',
      'passed after a crash only what was stored is there',
      'passed an ordinary test is collected beside them, and importing scenarios brings no tests along',
      'passed built: a second try succeeds',
      'passed fails with ECONNRESET',
      'passed fails with EPIPE',
      'passed fails with: sometimes gave up, broken pipe',
      'skipped built: waits',
      'skipped skipped without a word',
      'skipped waits for the new client',
    ])
  },
)

test.for(runs)('Vitest $version: a skipped scenario says why', ({ output }) => {
  expect(output).toMatch(/waits for the new client.*\[the new client is not there yet\]/)
  expect(output).toMatch(/built: waits.*\[not yet\]/)
})

test.for(runs)('Vitest $version: tests are located in the file people write', ({ project, named }) => {
  const places: readonly (readonly [test: string, file: string, piece: string])[] = [
    ['a second try succeeds', 'good.scenario.yaml', 'name: a second try'],
    ['fails with EPIPE', 'good.scenario.yaml', 'code: EPIPE'],
    ['a step of ours', 'good.scenario.yaml', 'name: a step of ours'],
    ['built: a second try succeeds', 'built.scenario.ts', "scenario('built: a second try"],
    ['built: expects too much', 'built.scenario.ts', "scenario('built: expects"],
  ]
  for (const [name, file, piece] of places) {
    const { line, column } = named(name).location!
    expect(`${name} ${line}:${column}`).toBe(`${name} ${project.placeOf(file, piece)}`)
  }
})

test.for(runs)(
  'Vitest $version: a missed expectation shows the line of the YAML, all problems and a diff',
  ({ project, output }) => {
    const place = project.placeOf('failing.scenario.yaml', 'output: gone')
    const [line] = place.split(':')
    expect(output).toContain(`❯ expect.output failing.scenario.yaml:${place}`)
    expect(output).toMatch(new RegExp(`${line}\\|   output: gone\n +\\|   \\^`))
    expect(output).toContain(
      `❯ expect.calls.fn:save failing.scenario.yaml:${project.placeOf('failing.scenario.yaml', 'fn:save: 3')}`,
    )
    expect(output).toMatch(/2 checks failed\.\n1\. .*"gone".*\n2\. .*fn:save/)
    expect(output).toMatch(/Expected: +"gone"\nReceived: +"saved"/)
  },
)

test.for(runs)('Vitest $version: a fault that never fired is pointed at', ({ project, output }) => {
  expect(output).toContain(
    `❯ faults.fn:delete failing.scenario.yaml:${project.placeOf('failing.scenario.yaml', 'fn:delete')}`,
  )
})

test.for(runs)(
  'Vitest $version: a scenario in TypeScript fails where its expectation is written',
  ({ project, output }) => {
    expect(output).toContain(
      `❯ expect.attempts.draft built.scenario.ts:${project.placeOf('built.scenario.ts', 'expect({ attempts')}`,
    )
    expect(output).toMatch(/- 5\n\+ 2/)
  },
)

test.for(runs)(
  'Vitest $version: a subject that cannot be had fails its own scenarios, in words, at its line',
  ({ output }) => {
    expect(output).toContain('which exports sendWithRetry, draft, notASubject. Did you mean `sendWithRetry`?')
    expect(output).toContain('to be a step, a pipeline or a function, got 42.')
    expect(output).toContain(
      "Expected the subject's file `./sent.ts` to exist, got nothing there. Did you mean `./send.ts`?",
    )
    expect(output).toMatch(
      /Caused by: Error: this file throws when it is imported\n ❯ throws-on-import\.ts:3:7/,
    )
    expect(output).toMatch(/❯ subject failing\.scenario\.yaml:15:1\n/)
  },
)

test.for(runs)(
  'Vitest $version: a file that cannot be read fails alone, with all that is wrong with it',
  ({ project, output }) => {
    const place = project.placeOf('broken.scenario.yaml', 'rejct')
    expect(output).toContain(`in broken.scenario.yaml:${place}, got \`rejct\`. Did you mean \`reject\`?`)
    expect(output).toContain('Unknown key `expcet` in broken.scenario.yaml:5:1. Did you mean `expect`?')
    expect(output).toContain(`❯ broken.scenario.yaml:${place}\n`)
  },
)

test.for(runs)('Vitest $version: a TypeScript file without a scenario says so', ({ output }) => {
  expect(output).toContain(
    'Expected the file to export a scenario, made by scenario(name).subject(…), got none.',
  )
})

test.for(runs)('Vitest $version: what a scenario measured is in its meta, failed or not', ({ named }) => {
  expect(named('a second try succeeds').meta.shakedown?.scenario).toEqual({
    name: 'a second try succeeds',
    problems: [],
    virtualMs: 100,
    wallMs: expect.any(Number),
    attempts: 2,
    faultsFired: 1,
    runIds: [],
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    remarks: [],
  })
  expect(named('scripts a fault that never fires').meta.shakedown?.scenario).toMatchObject({
    problems: [
      {
        code: 'E_VACUOUS',
        oracle: 'vacuity',
        message: expect.stringContaining('never fired') as string,
        location: { file: expect.stringMatching(/failing\.scenario\.yaml$/) as string },
      },
    ],
  })
})

test.for(runs)(
  'Vitest $version: runs of our engine are kept under ids that are their own',
  ({ project, named }) => {
    const names = ['a step of ours', 'built: expects too much']
    const ids = names.flatMap((name) => named(name).meta.shakedown?.scenario?.['runIds'] as string[])
    expect(new Set(ids).size).toBe(2)
    const audit = openSqliteAuditReader(project.path('.shakedown/runs.db'))
    expect(
      audit
        .runs()
        .map(({ runId }) => runId)
        .toSorted(),
    ).toEqual(ids.toSorted())
    const trail = audit.trail(ids[0]!)!
    expect(trail).toMatchObject({ pipeline: 'draft', status: 'completed', attempts: 2 })
    // Listed by when somebody waited for it; how long it took is virtual.
    expect(trail.startedWallMs).toBeGreaterThan(testsBeganMs)
    expect(trail.finishedWallMs! - trail.startedWallMs).toBe(trail.latencyMs)
    audit.close()
  },
)

test.for(runs)('Vitest $version: the report knows the scenarios', ({ project }) => {
  const report = JSON.parse(project.read('.shakedown/report.json')) as {
    scenarios: { items: { name: string; status: string }[] }
  }
  expect(report.scenarios.items).toContainEqual(
    expect.objectContaining({ name: 'expects too much', status: 'failed' }),
  )
  expect(report.scenarios.items).toContainEqual(
    expect.objectContaining({ name: 'scripts a fault that never fires', status: 'vacuous' }),
  )
})
