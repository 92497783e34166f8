import type { TestContext } from 'vitest'
import { needs } from '../../../support/systems.ts'

/** The user nobody, by the number every system gives it. */
const NOBODY = 65_534

/** Does something with the rights of an ordinary user: nothing is forbidden to root, and containers test as root. */
export function asUnprivileged<T>(work: () => T): T {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return work()
  process.seteuid(NOBODY)
  try {
    return work()
  } finally {
    process.seteuid(0)
  }
}

/** Skips a test of files that may not be written where there are no such files. */
export function needsModes(context: TestContext): void {
  needs(context, 'posix', 'Windows has no modes that take the right to write away')
}
