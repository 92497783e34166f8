import { placeOf, ScenarioFileError, type FileProblem, type Refuse } from '../file-problem.ts'
import { positionOf } from '../positions.ts'
import { parseSubjectReference } from '../subject.ts'
import { subjectFileProblem } from './boundary.ts'
import { readRows, type LoadedScenario } from './read-rows.ts'
import type { Position } from '../scenario.ts'
import { fillTable, type FilledRow } from './table.ts'
import type { YamlNode } from './yaml-node.ts'
import { readYaml } from './yaml-reader.ts'

/** Scenarios of one file, rows counted: a test file with more is a data set. */
const SCENARIOS_MAX = 1000

export interface LoadOptions {
  /** Messages name files relative to this folder; default the working directory. */
  readonly root?: string | undefined
  /**
   * The scenario's file and its subject's must be inside this folder, links followed. Default: of a file the nearest
   * workspace root at or above `root`; of a mere text it is not looked at.
   */
  readonly scenarioRoot?: string | undefined
}

/**
 * Reads the scenarios of a YAML text: one per document and table row, in order.
 *
 * @param file names the text in messages and positions
 * @throws ScenarioFileError with everything that is wrong with the text at once
 */
export function parseScenarios(
  text: string,
  file: string,
  options: LoadOptions = {},
): readonly LoadedScenario[] {
  const root = options.root ?? process.cwd()
  const place = (at: Position): string => placeOf(file, at, root)
  const problems: FileProblem[] = []
  const refuse: Refuse = (at, sentence) => {
    problems.push({ ...at, message: sentence(place(at)) })
  }
  const yaml = readYaml(text, place)
  problems.push(...yaml.problems)
  const start: Position = { line: 1, column: 1 }
  if (yaml.documents.length === 0 && problems.length === 0) {
    refuse(start, (where) => `Expected a scenario in ${where}, got an empty file.`)
  }
  const tables = yaml.documents.map((document) => tableOf(document, refuse))
  const scenarioCount = tables.flat().length
  if (scenarioCount > SCENARIOS_MAX) {
    refuse(start, (where) => `Expected at most ${SCENARIOS_MAX} scenarios in ${where}, got ${scenarioCount}.`)
    throw new ScenarioFileError(file, problems, text)
  }
  const scenarios = tables.flatMap((rows) => readRows(rows, file, refuse))
  refuseTwins(scenarios, refuse)
  if (options.scenarioRoot !== undefined) refuseForeignSubjects(scenarios, options.scenarioRoot, refuse)
  if (problems.length > 0) throw new ScenarioFileError(file, problems, text)
  return scenarios
}

function tableOf(document: YamlNode | undefined, refuse: Refuse): readonly FilledRow[] {
  if (document === undefined) return []
  if (document.kind === 'map') return fillTable(document, refuse)
  refuse(
    document.at,
    (where) => `Expected the scenario in ${where} to be a mapping with name, subject and expect.`,
  )
  return []
}

/** A subject's file is imported: it must be ours and a module, or its text ends up in the report. */
function refuseForeignSubjects(
  scenarios: readonly LoadedScenario[],
  scenarioRoot: string,
  refuse: Refuse,
): void {
  const checked = new Set<string>()
  for (const { spec, source } of scenarios) {
    const { module } = parseSubjectReference(spec.subject)
    if (checked.has(module)) continue
    checked.add(module)
    const problem = subjectFileProblem(source.file, module, scenarioRoot)
    if (problem === undefined) continue
    const at = positionOf(source.positions, ['subject']) ?? { line: 1, column: 1 }
    refuse(at, (where) =>
      problem === 'outside'
        ? `Expected the file of the subject \`${module}\` in ${where} to be inside ${scenarioRoot}, got one outside of it. Move it there, or widen the folder with the setting \`scenarioRoot\`.`
        : `Expected the file of the subject \`${module}\` in ${where} to be a TypeScript or JavaScript module such as \`./file.ts\`, got another name.`,
    )
  }
}

/** Reports, filters and histories know a scenario by file and name. */
function refuseTwins(scenarios: readonly LoadedScenario[], refuse: Refuse): void {
  const lines = new Map<string, number>()
  for (const { spec, at } of scenarios) {
    const first = lines.get(spec.name)
    if (first !== undefined) {
      refuse(
        at,
        (where) =>
          `Expected the name ${JSON.stringify(spec.name)} in ${where} to be the only one of its kind, but line ${first} has it already.`,
      )
    }
    lines.set(spec.name, first ?? at.line)
  }
}
