import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A user's project: a Vitest configuration, a subject, a scenario about it, and types that reach every entry point. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "consumer", "private": true, "type": "module" }\n',

  'vitest.config.ts': `
import shakedown from 'shakedown/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({ plugins: [shakedown()] })
`,

  'send-order.ts': `
import { pipeline, step } from 'shakedown'

const send = step('send', (order: { id: number }) => \`sent \${order.id}\`, { retries: 2, backoff: { baseMs: 100 } })

export const sendOrder = pipeline('order', send)
`,

  'send-order.scenario.yaml': `
name: an order rides out two resets
subject: ./send-order.ts#sendOrder
input: { id: 7 }
faults:
  step:send: 2*reject(ECONNRESET) -> off
expect:
  status: completed
  output: sent 7
  attempts: { send: 3 }
  virtualMs: 300
`,

  'plain.test.ts': `
import { expect, test } from 'vitest'

test('ordinary tests run beside scenarios', () => {
  expect(1 + 1).toBe(2)
})
`,

  'types.ts': `
import { createEngine, pipeline, step, type RunResult } from 'shakedown'
import { fault, scenario, type Verdict } from 'shakedown/harness'
import { runReportSchema, type RunReport } from 'shakedown/report'
import shakedown from 'shakedown/vitest'
import type { Plugin } from 'vitest/config'

const double = step('double', (n: number) => n * 2)
export const result: Promise<RunResult<number>> = createEngine().run(double, 21)
// @ts-expect-error the input of a step is what its function takes
void createEngine().run(double, 'twenty-one')
// @ts-expect-error a pipeline has at least one node
pipeline('empty')
pipeline('wrong connection',
  double,
  // @ts-expect-error a number goes into a step that takes text
  step('shout', (text: string) => text.toUpperCase()))
// @ts-expect-error the output is a number
step('validated', () => 1, { validate: (text: string) => text !== '' })
export const narrowed = async (): Promise<number> => {
  const ended = await result
  return ended.success ? ended.output : 0
}

export const plugins: Plugin[] = [shakedown()]
export const report: RunReport = runReportSchema.parse({})
export type Ok = Verdict['ok']
`,

  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      // Declarations of ours that cannot be resolved would otherwise pass as \`any\`.
      skipLibCheck: false,
      types: ['node'],
      noEmit: true,
    },
    files: ['types.ts', 'vitest.config.ts', 'send-order.ts'],
  }),
}

/** The scenario beside which nothing else is wrong. */
export const FAILING_SCENARIO = `
name: one reset too many
subject: ./send-order.ts#sendOrder
input: { id: 7 }
faults:
  step:send: 3*reject(ECONNRESET)
expect:
  status: completed
`

export async function writeConsumerProject(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(FILES)) await writeFile(path.join(folder, file), text)
}
