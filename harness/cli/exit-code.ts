/** What the process ends with. A report's own code is 0, 1, 3 or 4; 2 and 5 are said by the command line. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT = {
  passed: 0,
  /** A test failed; for `runs --check`, tokens are missing. */
  failed: 1,
  /** The command, the configuration or a scenario file cannot be used. */
  usage: 2,
  /** A budget or gate was exceeded. */
  gate: 3,
  /** Timeouts, lost files or async errors above their budgets, or an unfinished run; without a test failure. */
  unfinished: 4,
  /** A fault of shakedown itself. */
  internal: 5,
} as const
