import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** Names shown of a process that has put many there. */
const NAMES_MAX = 5

/** State on `globalThis` outlives the crash of a scenario: modules are imported afresh, and the process is the same. */
export function globalsKeptRemark({ globalsKept }: Observation): Remark | undefined {
  if (globalsKept.length === 0) return undefined
  const names = globalsKept.slice(0, NAMES_MAX).map((name) => `\`${name}\``)
  return {
    code: 'E_GLOBAL_KEPT',
    at: ['crash'],
    message: `The process that died had put ${names.join(', ')} on globalThis, and the one after it found it there, which no fresh process does. Keep it in a module, or in \`ports.store\` if it is to survive.`,
  }
}
