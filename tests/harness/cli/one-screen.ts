import { expect } from 'vitest'
import type { Said } from './cli-project.ts'

/** One screen, on the error stream alone, that begins with its code; and exit code 2. */
export function expectOneScreen({ exitCode, stdout, stderr }: Said, code: string): void {
  expect(stdout).toBe('')
  expect(stderr).toMatch(new RegExp(`^shakedown: ${code}\n\n`))
  const lines = stderr.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(23)
  // A path is not broken, so that it can be copied; words are.
  for (const line of lines.filter((text) => !text.includes('/'))) expect(line.length).toBeLessThanOrEqual(80)
  expect(exitCode).toBe(2)
}

/** A message as it was before it was broken into lines. */
export function unwrapped({ stderr }: Said): string {
  return stderr.replaceAll(/\s+/g, ' ')
}
