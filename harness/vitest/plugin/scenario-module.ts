import { ScenarioFileError } from '../../scenario/file-problem.ts'
import type { LoadOptions } from '../../scenario/file/load.ts'
import { readScenarioFile } from '../../scenario/file/read-file.ts'
import type { LoadedScenario } from '../../scenario/file/read-rows.ts'
import { withoutPlaceholders } from '../../scenario/file/table.ts'
import { positionOf } from '../../scenario/positions.ts'
import { parseSubjectReference } from '../../scenario/subject.ts'
import { LIFE } from './lives.ts'
import { sourceMapOf, type MappedLine, type SourceMap } from './source-map.ts'

/** A test module made of a scenario file. */
export interface ScenarioModule {
  readonly code: string
  /** Leads from each `test(…)` back to its scenario's name, or to the row of its table. */
  readonly map: SourceMap
}

/**
 * Turns a YAML file into a test module: one `test(…)` per scenario and row, on a line of its own. The calls are
 * written out, so that tools that read tests without running them see the names.
 *
 * A file with mistakes becomes a module that fails with the loader's message, so that it is one failed file of a run
 * that goes on.
 *
 * @param worker path of the module that runs scenarios inside a Vitest worker
 * @param options the root that messages name files relative to, and the folder that nothing may lie outside of
 */
export function scenarioModule(file: string, worker: string, options: LoadOptions): ScenarioModule {
  try {
    const { text, scenarios } = readScenarioFile(file, options)
    return moduleOf(testLines(scenarios, file, worker), file, text)
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error
    return moduleOf(failureLines(error, worker), file, error.text ?? '')
  }
}

function moduleOf(lines: readonly MappedLine[], file: string, text: string): ScenarioModule {
  return { code: lines.map(({ code }) => code).join('\n'), map: sourceMapOf(lines, file, text) }
}

function testLines(scenarios: readonly LoadedScenario[], file: string, worker: string): MappedLine[] {
  const modules = [...new Set(scenarios.map(({ spec }) => parseSubjectReference(spec.subject).module))]
  // Rows of one table share their positions; written once they keep a thousand rows small.
  const positions = [...new Set(scenarios.map(({ source }) => JSON.stringify(source.positions)))]
  const lines = [
    `import { afterAll, test } from 'vitest'`,
    `import { closeTrails, importSubject, rowsTogether, scenarioBody } from ${JSON.stringify(worker)}`,
    `afterAll(closeTrails)`,
    `const file = ${JSON.stringify(file)}`,
    ...positions.map((json, index) => `const positions${index} = ${parsed(json)}`),
    // The specifier is written out, so that watch mode knows what a scenario depends on.
    ...modules.map((module, index) => {
      const specifier = JSON.stringify(module)
      const again = scenarios.some(
        ({ spec }) => spec.crash !== undefined && parseSubjectReference(spec.subject).module === module,
      )
        ? `, (life) => import(/* @vite-ignore */ ${JSON.stringify(`${module}?${LIFE}=`)} + life)`
        : ''
      return `const subject${index} = await importSubject(file, ${specifier}, () => import(${specifier})${again})`
    }),
  ].map((code): MappedLine => ({ code, from: undefined }))
  const families = new Set(scenarios.filter(hasSometimes).map(tableOf))
  const familyOf = (scenario: LoadedScenario): string =>
    hasSometimes(scenario) ? `family${[...families].indexOf(tableOf(scenario))}` : 'undefined'
  const declared = [...families].map((_, index): MappedLine => ({
    code: `const family${index} = rowsTogether()`,
    from: undefined,
  }))
  return lines.concat(
    declared,
    scenarios.flatMap((scenario, index) => {
      const { spec, source, selection, at } = scenario
      const subject = `subject${modules.indexOf(parseSubjectReference(spec.subject).module)}`
      const row = source.row === undefined ? '' : `, row: ${JSON.stringify(source.row)}`
      const where = `{ file, positions: positions${positions.indexOf(JSON.stringify(source.positions))}${row} }`
      const entry = `scenarioBody(${subject}, ${parsed(JSON.stringify({ spec, selection }))}, ${where}, ${familyOf(scenario)})`
      const own = { code: `${testCall(scenario)}(${nameLiteral(spec.name)}, ${entry})`, from: at }
      const next = scenarios[index + 1]
      const isLast = next === undefined || tableOf(next) !== tableOf(scenario)
      return hasSometimes(scenario) && isLast ? [own, together(scenario, familyOf(scenario))] : [own]
    }),
  )
}

function hasSometimes({ spec }: LoadedScenario): boolean {
  return spec.expect.sometimes !== undefined
}

/** What the rows of one table have in common, and no other scenario of the file has. */
function tableOf({ source }: LoadedScenario): string {
  return JSON.stringify([source.positions[''], source.row?.table])
}

/** The test that asks the rows of a table together, after the last of them. */
function together(scenario: LoadedScenario, family: string): MappedLine {
  const { source, spec } = scenario
  const table = withoutPlaceholders(source.row?.table ?? spec.name)
  const name = `${table === '' ? '' : `${table}: `}sometimes ${(spec.expect.sometimes ?? []).join(', ')}`
  const from = positionOf(source.positions, ['expect', 'sometimes']) ?? scenario.at
  return { code: `${testCall(scenario)}(${nameLiteral(name)}, ${family}.test)`, from }
}

function testCall({ selection }: LoadedScenario): string {
  if (selection?.kind === 'only') return 'test.only'
  // With a reason it is the test that skips itself: only then does Vitest keep the reason.
  return selection?.kind === 'skip' && selection.reason === undefined ? 'test.skip' : 'test'
}

function failureLines({ file, summary, problems }: ScenarioFileError, worker: string): MappedLine[] {
  const first = problems[0] ?? { line: 1, column: 1 }
  return [
    { code: `import { failFile } from ${JSON.stringify(worker)}`, from: undefined },
    {
      code: `failFile(${[file, summary, first.line, first.column].map((part) => JSON.stringify(part)).join(', ')})`,
      from: first,
    },
  ]
}

/** Data goes in as JSON text: in an object literal a key `__proto__` would mean something else. */
function parsed(json: string): string {
  return `JSON.parse(${JSON.stringify(json)})`
}

/** Static readers of tests show the literal as written, so it is quoted with the fewest escapes. */
function nameLiteral(name: string): string {
  const plain = !/['\\\u2028\u2029]/.test(name)
  return name.includes('"') && plain ? `'${name}'` : JSON.stringify(name)
}
