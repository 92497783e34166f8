import { afterAll, expect, test } from 'vitest'
import { testsIn, versions, VitestProject } from './vitest-project.ts'

const projects = versions.map((version) => ({ version, project: new VitestProject('filters', version) }))
afterAll(() => projects.forEach(({ project }) => project[Symbol.dispose]()))

/** Each starts a Vitest, which takes seconds on a busy machine. */
const slow = { timeout: 60_000 }

/** The names of the tests that ran. */
async function ran(project: VitestProject, ...args: readonly string[]): Promise<string[]> {
  await project.vitest('run', '--reporter=json', '--outputFile=out.json', ...args)
  const tests = testsIn(project.read('out.json'))
  return tests.flatMap(({ fullName, status }) => (status === 'passed' ? [fullName.trim()] : [])).toSorted()
}

/** The test files that depend on source files, as `vitest related` finds them. */
async function related(project: VitestProject, ...sources: readonly string[]): Promise<string[]> {
  await project.vitest(
    'related',
    ...sources,
    '--run',
    '--passWithNoTests',
    '--reporter=json',
    '--outputFile=out.json',
  )
  const { testResults } = JSON.parse(project.read('out.json')) as { testResults: { name: string }[] }
  return testResults.map(({ name }) => name.replace(`${project.folder}/`, '')).toSorted()
}

test.for(projects)(
  'Vitest $version: a path picks files, -t picks scenarios and rows',
  slow,
  async ({ project }) => {
    expect(await ran(project, 'one.scenario', '-t', 'row b|first$')).toEqual(['first', 'row b'])
  },
)

test.for(projects)(
  'Vitest $version: FILE:LINE picks a scenario, a row, a scenario in TypeScript',
  slow,
  async ({ project }) => {
    const at = (file: string, piece: string): string =>
      `${file}:${project.placeOf(file, piece).split(':')[0]}`
    const lines = [
      at('one.scenario.yaml', 'name: first'),
      at('one.scenario.yaml', 'x: b'),
      at('built.scenario.ts', "scenario('built second'"),
    ]
    expect(await ran(project, ...lines)).toEqual(['built second', 'first', 'row b'])
  },
)

test.for(projects)(
  'Vitest $version: `only` leaves out the other scenarios of its file',
  slow,
  async ({ project }) => {
    const everything = project.read('one.scenario.yaml')
    project.write('one.scenario.yaml', everything.replace('name: first', 'name: first\nonly: true'))
    const names = await ran(project, 'one.scenario')
    project.write('one.scenario.yaml', everything)
    expect(names).toEqual(['first'])
  },
)

test.for(projects)(
  'Vitest $version: the files that name a changed subject are found',
  slow,
  async ({ project }) => {
    expect(await related(project, 'subject.ts')).toEqual(['built.scenario.ts', 'one.scenario.yaml'])
    expect(await related(project, 'unrelated.ts')).toEqual([])
  },
)

test('Vitest 5 lists scenarios without running them', slow, async () => {
  const { output } = await projects[0]!.project.vitest('list')
  expect(
    output
      .split('\n')
      .filter((line) => line.includes(' > '))
      .toSorted(),
  ).toEqual([
    'built.scenario.ts > scenario',
    'one.scenario.yaml > first',
    'one.scenario.yaml > row a',
    'one.scenario.yaml > row b',
  ])
})

test.for(projects)(
  'Vitest $version: projects of a workspace run each scenario once',
  slow,
  async ({ project }) => {
    const workspace = `test: { projects: ['unit', 'slow'].map((name) => ({ extends: true, test: { name, include: [name + '.test.ts'] } })) }`
    project.configure(workspace)
    const names = await ran(project, 'one.scenario')
    project.configure('')
    expect(names).toEqual(['first', 'row a', 'row b'])
  },
)
