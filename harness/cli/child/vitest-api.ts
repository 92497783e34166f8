/**
 * The part of Vitest's public API the command line uses, the same in Vitest 4.1 and 5. Written down here because the
 * module comes from the user's project at run time: which of the two it is, no import could say.
 */
export interface VitestModule {
  createVitest(
    mode: 'test',
    options: Readonly<Record<string, unknown>>,
    viteOverrides: Readonly<Record<string, unknown>>,
  ): Promise<VitestInstance>
}

export interface VitestInstance {
  readonly config: {
    readonly reporters: readonly unknown[]
    readonly teardownTimeout: number
    passWithNoTests?: boolean | undefined
    readonly shard?: { readonly count: number } | undefined
  }
  /** Where it writes what it calls an error. */
  readonly logger: { error: (...args: unknown[]) => void }
  readonly projects: readonly {
    readonly config: { readonly root: string; readonly exclude: readonly string[] }
  }[]
  /** The test files of all projects. */
  globTestSpecifications(): Promise<readonly TestSpecification[]>
  /** Runs the test files whose paths begin with a filter; all of them without one. */
  start(filters: readonly string[]): Promise<unknown>
  /** Tests that were started come to their end; no other is started. */
  cancelCurrentRun(reason: 'keyboard-input'): Promise<void>
  close(): Promise<void>
}

export interface TestSpecification {
  /** Absolute path. */
  readonly moduleId: string
}

/** What a reporter is told of a finished test. */
export interface FinishedTest {
  result(): { readonly state: string }
}
