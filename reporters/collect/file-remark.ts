import type { ScenarioRemark } from '../report/scenarios.ts'

/** Something seen in the text of a file that fails nobody but deserves a look. */
export interface FileRemark extends Pick<ScenarioRemark, 'code' | 'message'> {
  /** Both from 1. */
  readonly line: number
  readonly column: number
}
