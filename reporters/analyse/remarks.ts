import type { RemarkMade, TestFinished } from '../journal/events.ts'
import type { Remark } from '../report/model.ts'
import { projectOf, type RunTally } from './tally.ts'

/** What fails nobody but deserves a look: what was seen in files, and what scenarios say. */
export function remarksOf({ remarks, files }: RunTally): Remark[] {
  const ofScenarios = [...files.values()].map(({ tests }) => [...tests.values()].flatMap(ofScenario))
  return remarks.map(ofEvent).concat(...ofScenarios)
}

function ofEvent(event: RemarkMade): Remark {
  const { file, test = null, code, message, location } = event
  return { code, message, file, ...projectOf(event), test, location }
}

function ofScenario(event: TestFinished): Remark[] {
  const { file, test, scenario } = event
  return (scenario?.remarks ?? []).map((remark) => Object.assign({ file, ...projectOf(event), test }, remark))
}
