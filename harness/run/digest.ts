import { hash } from 'node:crypto'
import type { Observation } from '../scenario/observation.ts'

/**
 * The digest of one execution's trace: which points were called when, what met them, how they settled, how it all
 * ended. Payloads are left out: what a real server answers is not the executor's doing.
 */
export function digestOf({ calls, end, virtualMs, result, thrown, records }: Observation): string {
  const parts = [end.kind, String(virtualMs), result?.status ?? (thrown === null ? 'completed' : 'failed')]
  for (const { point, nth, atMs, fault, settled, settledAtMs } of calls) {
    parts.push(`${point}#${nth}@${atMs} ${fault ?? '-'} ${settled}@${settledAtMs}`)
  }
  for (const record of records) {
    switch (record.kind) {
      case 'attempt':
        parts.push(
          `${record.path}:${record.attempt} ${record.status} ${record.startedAtMs}+${record.latencyMs} after ${record.delayMs}`,
        )
        break
      case 'outcome':
        parts.push(`${record.tokenId} ${record.outcome}@${record.atMs}`)
        break
      case 'event':
        parts.push(`${record.path} ${record.event}@${record.atMs}`)
        break
      default:
    }
  }
  return hash('sha256', parts.join('\n'))
}
