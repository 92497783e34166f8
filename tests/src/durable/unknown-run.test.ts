import { approval, createEngine, memoryAudit } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { temporaryFile } from '../audit/temporary-file.ts'

test('a run that is not on record is refused with the nearest id and the file', async () => {
  const file = temporaryFile()
  await using engine = createEngine({ audit: file })
  const ask = approval('ask', { message: 'Well?', schema: z.boolean() })
  await engine.run(ask, 'x', { runId: 'nightly-7' })
  await expect(engine.resume('nightli-7', true)).rejects.toMatchObject({
    code: 'E_RUN_UNKNOWN',
    message: `Expected the id of a run in the audit file ${file}, got 'nightli-7'. Did you mean \`nightly-7\`?`,
  })
})

test('a trail without a file is called one', async () => {
  await expect(createEngine({ audit: memoryAudit() }).resume('x', true)).rejects.toThrow(
    "Expected the id of a run in the audit trail, got 'x'.",
  )
})
