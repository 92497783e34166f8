import type { TestFinished } from '../journal/events.ts'
import type { Remark } from '../report/model.ts'
import { projectOf, type FileTally } from './tally.ts'

/** What fails nobody but deserves a look: of each file, what its scenarios say. */
export function remarksOf(files: readonly FileTally[]): Remark[] {
  return files.flatMap((file) => [...file.tests.values()].flatMap(ofScenario))
}

function ofScenario(event: TestFinished): Remark[] {
  const { file, test, scenario } = event
  const where = { file, ...projectOf(event), test, location: null }
  return (scenario?.remarks ?? []).map(({ code, message }) => Object.assign({ code, message }, where))
}
