import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { explainRun } from '../../../src/audit/explain/explain-run.ts'
import { memoryAudit } from '../../../src/audit/memory/memory-audit.ts'
import { attempt, outcome, runFinished, runStarted, step, token } from '../../src/audit/sample-records.ts'
import { HOSTILE } from '../support/hostile.ts'

/** All that acts or cannot be seen; a joiner inside an emoji would be needed, and none is in the corpus. */
const ACTS =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u

/** Where a long word is folded, what comes next begins a line. */
const FOLDED = Array.from({ length: 20 }, (_, more) => `${'x'.repeat(50 + more)}::error::boom`)

test.each([...HOSTILE, ...FOLDED])(
  'in the story of a run %j moves nothing, hides nothing and commands nothing',
  (text) => {
    const store = memoryAudit()
    const records = [
      runStarted('r1', { pipeline: text, input: { [text]: text } }),
      token('r1', text),
      attempt('r1', { tokenId: text, step: text, path: text, output: text }),
      step('r1', { tokenId: text, step: text, path: text, feedback: text, metadata: { [text]: text } }),
      outcome('r1', { tokenId: text, outcome: 'failed', reason: text }),
      runFinished('r1', {
        status: 'failed',
        feedback: text,
        error: { name: text, message: text, stack: text },
      }),
    ]
    for (const record of records) store.append(record)
    const story = renderExplanation(explainRun(store.trail('r1')!), { color: false, columns: 80 })
    expect(story).not.toMatch(ACTS)
    for (const line of story.split('\n')) {
      expect(line).not.toMatch(/^\s*::/)
      expect(line).not.toMatch(/##\w*\[/)
    }
  },
)
