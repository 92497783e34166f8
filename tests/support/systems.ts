import type { TestContext } from 'vitest'

/** What a test needs of the system it runs on, and the platforms that have it. */
const HAVE = {
  /** `bash`, signals that a program can listen to, modes that take rights away, named pipes. */
  posix: (platform: NodeJS.Platform): boolean => platform !== 'win32',
  /** `/proc` and `/dev/full`. */
  linux: (platform: NodeJS.Platform): boolean => platform === 'linux',
} as const

/** Whether this system has it; for what a file prepares before its tests. */
export function has(what: keyof typeof HAVE, platform: NodeJS.Platform = process.platform): boolean {
  return HAVE[what](platform)
}

/**
 * Skips a test, with the reason in its report, where the system does not have what it needs.
 *
 * @example
 * test('a file that may not be written is refused', (context) => {
 *   needs(context, 'posix', 'Windows has no modes that take the right to write away')
 * })
 *
 * // All tests of a file:
 * beforeEach((context) => needs(context, 'posix', 'the gate is a bash script'))
 */
export function needs(
  context: Pick<TestContext, 'skip'>,
  what: keyof typeof HAVE,
  why: string,
  platform: NodeJS.Platform = process.platform,
): void {
  if (!has(what, platform)) context.skip(why)
}
