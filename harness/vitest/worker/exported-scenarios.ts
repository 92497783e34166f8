import { TestRunner, type TestContext, type TestOptions } from 'vitest'
import { positionOf } from '../../scenario/positions.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { Family } from './family.ts'
import { UnusableScenario } from './scenario-failure.ts'
import { runAsTest } from './run-as-test.ts'
import { optionsOf, skipIfAsked } from './selection.ts'

/** A scenario that a TypeScript file exports, as the test it becomes. */
export interface ExportedScenario {
  readonly name: string
  readonly options: TestOptions
  readonly run: (context: TestContext) => Promise<void>
  /** Tells Vitest where the test that was just defined was written; it would find the plugin's own line. */
  readonly locate: () => void
}

/**
 * The scenarios among a module's exports, in the order of the exports, each once. Arrays are looked into; what is no
 * scenario, such as the subject itself, is passed over.
 * @throws UnusableScenario when there is none, or two have the same name
 */
export function exportedScenarios(
  exports: Readonly<Record<string, unknown>>,
  file: string,
): readonly ExportedScenario[] {
  const found = new Set<Scenario>()
  const families = new Map<Scenario, Family>()
  const together: ExportedScenario[] = []
  for (const [name, value] of Object.entries(exports)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isDraft(item))
        throw failure(
          file,
          `Expected the scenario exported as \`${name}\` to have a subject; call .subject(…) on it.`,
        )
      if (isScenario(item)) found.add(item)
    }
    const family = familyOf(value, families)
    if (family !== undefined)
      together.push({
        name: `${name}: sometimes ${family.marks.join(', ')}`,
        options: optionsOf(family.selection),
        run: family.test,
        locate: () => {},
      })
  }
  if (found.size === 0)
    throw failure(
      file,
      'Expected the file to export a scenario, made by scenario(name).subject(…), got none.',
    )
  const names = new Set<string>()
  for (const { spec } of found) {
    if (names.has(spec.name))
      throw failure(
        file,
        `Expected every scenario of the file to have its own name, got ${JSON.stringify(spec.name)} twice.`,
      )
    names.add(spec.name)
  }
  const alone = [...found].find((each) => each.spec.expect.sometimes !== undefined && !families.has(each))
  if (alone !== undefined)
    throw failure(
      file,
      `Expected ${JSON.stringify(alone.spec.name)} with \`sometimes\` to be in an exported list of scenarios, one of which reaches the mark; got it alone. Of a single scenario say \`marks: { probe: { min: 1 } }\`.`,
    )
  return [...[...found].map((each) => asTest(each, families.get(each))), ...together]
}

/** The scenarios of an exported list that ask for marks together, if any do. */
function familyOf(value: unknown, families: Map<Scenario, Family>): Family | undefined {
  const members = Array.isArray(value)
    ? value.filter(isScenario).filter(({ spec }) => spec.expect.sometimes !== undefined)
    : []
  if (members.length === 0) return undefined
  const family = new Family()
  for (const member of members) {
    family.add(member.spec, () => member, member.selection)
    families.set(member, family)
  }
  return family
}

function asTest(scenario: Scenario, family: Family | undefined): ExportedScenario {
  const { spec, selection } = scenario
  return {
    name: spec.name,
    options: optionsOf(selection),
    run: (context) => {
      skipIfAsked(selection, context)
      return runAsTest(scenario, context, family)
    },
    locate: () => {
      const position = scenario.source === undefined ? undefined : positionOf(scenario.source.positions, [])
      const task = TestRunner.getCurrentSuite().tasks.at(-1)
      // Vitest keeps locations only when it was asked to.
      if (position !== undefined && task?.type === 'test' && task.location !== undefined)
        task.location = position
    },
  }
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'spec' in value && 'subject' in value
}

function isDraft(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !('spec' in value) &&
    'subject' in value &&
    typeof value.subject === 'function'
  )
}

function failure(file: string, message: string): UnusableScenario {
  return new UnusableScenario(message, [{ file, line: 1, column: 1, what: '' }])
}
