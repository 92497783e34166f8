/** Something seen in the text of a file that fails nobody but deserves a look. */
export interface FileRemark {
  /** Stable code, e.g. `E_EXECUTOR_MOCKED`. */
  readonly code: string
  readonly message: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
}
