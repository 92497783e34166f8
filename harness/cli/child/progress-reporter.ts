import type { ProgressNews } from '../supervisor/messages.ts'
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

export function progressReporter(tell: (news: ProgressNews) => void): ProgressReporter {
  let news: ProgressNews = { kind: 'progress', files: 0, filesDone: 0, testsDone: 0, failed: 0 }
  let toldMs = -Infinity
  const update = (change: Partial<ProgressNews>, now = false): void => {
    news = { ...news, ...change }
    if (!now && performance.now() - toldMs < TELL_MS) return
    toldMs = performance.now()
    tell(news)
  }
  return {
    onTestRunStart: (specifications) => update({ files: specifications.length }, true),
    onTestCaseResult: (test) =>
      update({
        testsDone: news.testsDone + 1,
        failed: news.failed + (test.result().state === 'failed' ? 1 : 0),
      }),
    onTestModuleEnd: () => update({ filesDone: news.filesDone + 1 }),
    onTestRunEnd: () => update({}, true),
  }
}
