import type { TestContext } from 'vitest'
import type { Scenario, ScenarioSource, Selection } from '../../scenario/scenario.ts'
import type { ScenarioSpec } from '../../scenario/spec.ts'
import { subjectOfImport, type ImportedSubject } from './imported-subject.ts'
import { Family } from './family.ts'
import { runAsTest } from './run-as-test.ts'
import { frameAt, UnusableScenario } from './scenario-failure.ts'
import { skipIfAsked } from './selection.ts'

export { exportedScenarios } from './exported-scenarios.ts'
export { importSubject } from './imported-subject.ts'
export { closeTrails } from './persist-trails.ts'

// The worker's side of the plugin: what the test modules that the plugin makes import.

/** A scenario of a file, as far as it is data. */
export interface ScenarioEntry {
  readonly spec: ScenarioSpec & { readonly subject: string }
  readonly selection?: Selection | undefined
}

/** The body of the test of one scenario in a YAML file. */
export function scenarioBody(
  imported: ImportedSubject,
  { spec, selection }: ScenarioEntry,
  source: ScenarioSource,
  family?: Family,
): (context: TestContext) => Promise<void> {
  const scenario = (): Scenario => {
    try {
      return { spec, subject: subjectOfImport(imported, spec.subject), source }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const options = error.cause === undefined ? undefined : { cause: error.cause }
      throw new UnusableScenario(error.message, frameAt(source, ['subject']), undefined, options)
    }
  }
  family?.add(spec, scenario, selection)
  return (context) => {
    skipIfAsked(selection, context)
    return runAsTest(scenario(), context, family)
  }
}

/** Scenarios of one table, whose marks are asked for together. */
export function rowsTogether(): Family {
  return new Family()
}

/** Fails a test file that could not be read. @throws UnusableScenario always */
export function failFile(file: string, message: string, line: number, column: number): never {
  throw new UnusableScenario(message, [{ file, line, column, what: '' }])
}
