import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Problem } from '../scenario/verdict.ts'
import { stepAt } from './plan-walk.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/**
 * 13: an output that its step's schema refuses is never accepted, so that no node, fallback, cache or result has it. It
 * asks schemas alone, once more: a function may remember what it was asked, and say something else the second time.
 */
export const validOutput: Oracle = {
  number: 13,
  name: 'valid-output',
  judges: 'engine',
  check({ plan, visits }) {
    const problems: Problem[] = []
    for (const { path, attempts } of visits) {
      const schema = schemaOf(stepAt(plan, path)?.node.policy)
      if (schema === undefined) continue
      for (const { attempt, status, output } of attempts)
        if (status === 'completed' && isRefused(schema, output))
          problems.push(
            violation(
              validOutput,
              `Attempt ${attempt} of ${path} completed with an output that its schema refuses.`,
              {
                actual: output,
              },
            ),
          )
    }
    return problems
  },
}

function schemaOf(policy: object | undefined): StandardSchemaV1 | undefined {
  const { validate } = (policy ?? {}) as { readonly validate?: unknown }
  const isSchema = typeof validate === 'object' && validate !== null && '~standard' in validate
  return isSchema ? (validate as StandardSchemaV1) : undefined
}

function isRefused(schema: StandardSchemaV1, output: unknown): boolean {
  try {
    const judged = schema['~standard'].validate(output)
    // One that takes its time is not waited for.
    return 'issues' in judged && judged.issues !== undefined
  } catch {
    return false
  }
}
