import { hash } from 'node:crypto'

/** The first 16 hex digits of the SHA-256 of a failure's reason: equal reasons group, whatever their length. */
export function errorHash(reason: string): string {
  return hash('sha256', reason).slice(0, 16)
}
