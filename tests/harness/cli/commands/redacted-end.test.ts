import { expect, test } from 'vitest'
import { redactedEnd } from '../../../../harness/cli/outcome/conclude.ts'

test('a refusal hides secrets in its message and in its hint', () => {
  const refusal = {
    kind: 'refused' as const,
    code: 'E_CONFIG',
    message: 'The broker said password=hunter2',
    hint: 'Try amqp://app:hunter2@broker',
  }
  expect(redactedEnd({ kind: 'refused', refusal }, undefined)).toEqual({
    kind: 'refused',
    refusal: {
      ...refusal,
      message: 'The broker said password=[redacted]',
      hint: 'Try amqp://app:[redacted]@broker',
    },
  })
})
