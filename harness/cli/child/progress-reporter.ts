import type { ProgressMessage } from '../supervisor/messages.ts'
import type { FinishedTest, TestSpecification } from './vitest-api.ts'

/** Between two messages to the supervisor, in milliseconds; more often than it redraws is wasted. */
const TELL_MS = 100

/** A Vitest reporter that counts and tells how far the run is. It writes nothing. */
export interface ProgressReporter {
  onTestRunStart(specifications: readonly TestSpecification[]): void
  onTestCaseResult(test: FinishedTest): void
  onTestModuleEnd(): void
  onTestRunEnd(): void
}

export function progressReporter(tell: (progress: ProgressMessage) => void): ProgressReporter {
  let progress: ProgressMessage = { kind: 'progress', files: 0, filesDone: 0, testsDone: 0, failed: 0 }
  let toldMs = -Infinity
  const update = (change: Partial<ProgressMessage>, now = false): void => {
    progress = { ...progress, ...change }
    if (!now && performance.now() - toldMs < TELL_MS) return
    toldMs = performance.now()
    tell(progress)
  }
  return {
    onTestRunStart: (specifications) => update({ files: specifications.length }, true),
    onTestCaseResult: (test) =>
      update({
        testsDone: progress.testsDone + 1,
        failed: progress.failed + (test.result().state === 'failed' ? 1 : 0),
      }),
    onTestModuleEnd: () => update({ filesDone: progress.filesDone + 1 }),
    onTestRunEnd: () => update({}, true),
  }
}
