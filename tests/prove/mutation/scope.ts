/** A part of the code and the tests that may kill its mutants: those of the same rooms, inside Vitest's own worker. */
export interface Part {
  readonly name: string
  readonly mutated: readonly string[]
  readonly killers: readonly string[]
}

/**
 * What is mutated: the code that decides what a verdict says. Rendering, storage and the command line are not in it. In
 * several parts, because the tests of one reach little of the others.
 */
export const PARTS: readonly Part[] = [
  {
    name: 'engine',
    mutated: [
      'src/engine.ts',
      'src/run/**/*.ts',
      'src/nodes/**/*.ts',
      'src/policy/**/*.ts',
      'src/context/**/*.ts',
      'src/world/**/*.ts',
    ],
    killers: [
      'tests/src/*.test.ts',
      'tests/src/run/**/*.test.ts',
      'tests/src/nodes/**/*.test.ts',
      'tests/src/policy/**/*.test.ts',
      'tests/src/context/**/*.test.ts',
      'tests/src/base/**/*.test.ts',
      'tests/src/audit/explain/**/*.test.ts',
      'tests/harness/run/**/*.test.ts',
    ],
  },
  {
    name: 'world',
    mutated: ['harness/world/**/*.ts'],
    killers: ['tests/harness/world/**/*.test.ts', 'tests/harness/run/*.test.ts'],
  },
  {
    name: 'judge',
    mutated: [
      'harness/oracles/**/*.ts',
      'harness/match/**/*.ts',
      'harness/faults/play/**/*.ts',
      'harness/run/caller.ts',
      'harness/run/callers.ts',
      'harness/run/execution.ts',
      'harness/run/life.ts',
      'harness/run/run-scenario.ts',
      'harness/run/timers-left.ts',
      'harness/run/visits.ts',
      'harness/run/boundary/boundaries.ts',
      'harness/run/boundary/scripted-origins.ts',
      'harness/run/judge/**/*.ts',
    ],
    killers: [
      'tests/harness/run/**/*.test.ts',
      'tests/harness/match/**/*.test.ts',
      // Not `mutants.test.ts`, which copies the engine to put bugs into it: under load it ran into the limit of time.
      'tests/harness/oracles/!(mutants).test.ts',
      'tests/harness/faults/*.test.ts',
      'tests/harness/faults/play/**/*.test.ts',
      'tests/harness/faults/points/**/*.test.ts',
    ],
  },
]

/** By this variable the Vitest that Stryker starts learns which part it is for. */
export const PART_VARIABLE = 'MUTATED_PART'

/** @throws TypeError for a name that no part has */
export function partNamed(name: string | undefined): Part {
  const part = PARTS.find((candidate) => candidate.name === name)
  if (part === undefined)
    throw new TypeError(
      `Expected ${PART_VARIABLE} to be ${PARTS.map((known) => known.name).join(' or ')}, got ${name}.`,
    )
  return part
}
