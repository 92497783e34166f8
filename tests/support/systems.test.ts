import { expect, test } from 'vitest'
import { has, needs } from './systems.ts'

function skipsOn(platform: NodeJS.Platform, what: 'posix' | 'linux'): string[] {
  const reasons: string[] = []
  const skip = ((why: string) => reasons.push(why)) as never
  needs({ skip }, what, 'the reason', platform)
  return reasons
}

test('what needs a POSIX system skips on Windows, with its reason, and nowhere else', () => {
  expect(skipsOn('win32', 'posix')).toEqual(['the reason'])
  expect([...skipsOn('darwin', 'posix'), ...skipsOn('linux', 'posix')]).toEqual([])
})

test('what needs Linux skips everywhere else, with its reason', () => {
  expect([...skipsOn('win32', 'linux'), ...skipsOn('darwin', 'linux')]).toEqual(['the reason', 'the reason'])
  expect(skipsOn('linux', 'linux')).toEqual([])
})

test('on the system that the gate runs on, nothing is missing', (context) => {
  needs(context, 'linux', 'the gate runs on Linux')
  expect([has('posix'), has('linux')]).toEqual([true, true])
})
