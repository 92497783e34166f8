import { type Ports, type Scenario, scenario, type ScenarioBuilder } from 'shakedown/harness'

/** A documented bug of a published library, which can be had with it and without. */
export interface Bug {
  /** The name of both versions in `tests/prove/libraries/package.json`, without `-bad` and `-good`. */
  readonly alias: string
  /** What was wrong, in one sentence. */
  readonly says: string
  /** Where it was reported or mended. */
  readonly link: string
  /** What finds it: an oracle, a stall or a runaway, which need nothing written; or what anyone would expect. */
  readonly by: 'no expectation' | 'an expectation'
  /** The scenario on a version of the library. */
  readonly scenario: (library: Record<string, unknown>) => Scenario
}

/** The subject of a bug, as the library's documentation would have it written. */
export type Use<L> = (library: L, ports: Ports) => unknown

/**
 * A bug and the scenario that shows it.
 *
 * @param use what somebody does with the library
 * @param write what happens to them meanwhile
 */
export function bug<L>(
  facts: Omit<Bug, 'scenario'>,
  use: Use<L>,
  write: (draft: ScenarioBuilder) => ScenarioBuilder,
): Bug {
  return {
    ...facts,
    scenario: (library) =>
      write(
        scenario(facts.says)
          .subject((_input: unknown, ports: Ports) => use(library as L, ports))
          .timers('global'),
      ),
  }
}

/** What a call gives when nothing goes wrong. */
export const work = async (..._args: readonly unknown[]): Promise<string> => 'done'

/** What a caller says who handles every failure. */
export async function orGaveUp<T>(asked: Promise<T>): Promise<T | 'gave up'> {
  try {
    return await asked
  } catch {
    return 'gave up'
  }
}
