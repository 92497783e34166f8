import type { RemarkMade, TestFinished } from '../journal/events.ts'
import type { Remark } from '../report/model.ts'
import { projectOf, type FileTally } from './tally.ts'

/** What fails nobody but deserves a look: of each file, what was seen in it and what its scenarios say. */
export function remarksOf(files: readonly FileTally[]): Remark[] {
  return files.flatMap((file) => [
    ...file.remarks.map(ofEvent),
    ...[...file.tests.values()].flatMap(ofScenario),
  ])
}

function ofEvent(event: RemarkMade): Remark {
  const { file, test = null, code, message, location } = event
  return { code, message, file, ...projectOf(event), test, location }
}

function ofScenario(event: TestFinished): Remark[] {
  const { file, test, scenario } = event
  return (scenario?.remarks ?? []).map((remark) => Object.assign({ file, ...projectOf(event), test }, remark))
}
