/** A place in the project's sources. Lines and columns count from 1. */
export interface SourceLocation {
  /** Relative to the project root, `/`-separated. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One link of an error's `cause` chain or one member of an aggregate. */
export interface ErrorCause {
  /** The error's class; `NonError` when it is a text or an object that is no error. */
  readonly name: string
  /** As that of the error. */
  readonly message: string
  readonly location: SourceLocation | null
  /** As that of the error; only the first causes of what a scenario's subject failed with have it. */
  readonly codeFrame?: string
}

/** An error as text: redacted, without colour codes, paths relative to the project root. */
export interface ErrorInfo {
  /** The error's class, e.g. `AssertionError`; `Error` when something else was thrown. */
  readonly name: string
  /** With the error's code, as in `connect failed (ECONNREFUSED)`; a thrown object is shown as JSON, cut to 500 characters. */
  readonly message: string
  /** One `at …` line per frame, mapped to sources, test-runner internals left out; `null` when there was none. */
  readonly stack: string | null
  /** Expected against received, `-` and `+` at the line starts; `null` when the error compares nothing. */
  readonly diff: string | null
  /** The frame a person wants to open first: a scenario file if there is one, else the first project file. */
  readonly location: SourceLocation | null
  /** The lines around `location`, with its line and column marked; absent where nobody read them. */
  readonly codeFrame?: string
  /** What the error collects, as an `AggregateError` does, and what it says it was caused by; outermost first. */
  readonly causes: readonly ErrorCause[]
}
