import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { anError, testFinished, wholeFile, wholeRun } from './events.ts'

/** 400 files of 25 tests each; every twentieth test fails with a diff and a stack, every tenth is skipped. */
export function bigRun(): JournalEvent[] {
  const error = anError('expected { a: 1 } to deeply equal { a: 2 }', {
    name: 'AssertionError',
    diff: `- Expected\n+ Received\n${'  "line": 1,\n'.repeat(40)}`,
    stack: Array.from({ length: 15 }, (_, index) => `at step${index} (src/deep/file.ts:${index + 1}:5)`).join(
      '\n',
    ),
    location: { file: 'src/deep/file.ts', line: 1, column: 5 },
  })
  const files = Array.from({ length: 400 }, (_, number) => {
    const file = `tests/area-${number % 20}/file-${number}.test.ts`
    const tests = Array.from({ length: 25 }, (_test, index) => {
      const name = `suite ${index % 5} > does thing number ${index}`
      const nth = number * 25 + index
      if (nth % 20 === 0) return testFinished(file, name, 'failed', { errors: [error] })
      return testFinished(file, name, nth % 10 === 1 ? 'skipped' : 'passed', { durationMs: index * 3 })
    })
    return wholeFile(file, tests)
  })
  return wholeRun(files.flat(), 'failed')
}
