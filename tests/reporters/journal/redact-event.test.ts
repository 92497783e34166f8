import { expect, test } from 'vitest'
import { redactEvent } from '../../../reporters/journal/redact-event.ts'
import { createRedactor } from '../../../src/base/redact/redactor.ts'
import { testFinished } from '../support/events.ts'

test('every text of an event is searched, except the words that are ours', () => {
  const redactor = createRedactor(['skipped'])
  const event = testFinished('a.test.ts', 'is skipped', 'skipped', { reason: 'password=hunter2' })
  expect(redactEvent(event, redactor)).toEqual(
    testFinished('a.test.ts', 'is [redacted]', 'skipped', { reason: 'password=[redacted]' }),
  )
})
