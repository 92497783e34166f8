import type { TestContext } from 'vitest'

/** What a test needs of the system it runs on, and the platforms that have it. */
const HAVE = {
  /** Signals that a program can listen to, modes that take rights away, named pipes, `bash`. */
  posix: (platform: NodeJS.Platform) => platform !== 'win32',
  /** `/proc` and `/dev/full`. */
  linux: (platform: NodeJS.Platform) => platform === 'linux',
} as const

/**
 * Skips the test, with the reason in its report, where the system does not have what it needs.
 *
 * @example
 * test('a file nobody may write is refused', (context) => {
 *   needs(context, 'posix', 'Windows has no modes that take the right to write away')
 * })
 */
export function needs(
  context: Pick<TestContext, 'skip'>,
  what: keyof typeof HAVE,
  why: string,
  platform: NodeJS.Platform = process.platform,
): void {
  if (!HAVE[what](platform)) context.skip(why)
}
