import { ScenarioFileError } from '../../../../harness/scenario/file-problem.ts'

/** What is wrong with a scenario text, one line per problem; nothing when it loads. */
export function problemsIn(load: () => unknown): string[] {
  try {
    load()
  } catch (error) {
    if (error instanceof ScenarioFileError) return error.problems.map(({ message }) => message)
    throw error
  }
  return []
}
