import { firstInline } from '../../../src/base/listed.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** Hooks that are named; what is the matter with one is mostly the matter with all. */
const NAMED_MAX = 3

/** Hooks threw: the run went on as if they had not, and nobody would know. */
export function hookErrorsRemark({ records }: Observation): Remark | undefined {
  const errors = records.filter((record) => record.kind === 'event' && record.event === 'hook_error')
  if (errors.length === 0) return undefined
  const texts = errors.map((record) => {
    const { path, detail } = record as Extract<typeof record, { kind: 'event' }>
    return `${String(detail['hook'])} at ${path}: ${String(detail['error'])}`
  })
  return {
    code: 'E_HOOK_ERROR',
    message: `A hook threw, which changes no run, but it did not do its own work (${firstInline(texts, NAMED_MAX)}). Mend it, or set strictHooks to have such a run fail.`,
  }
}
