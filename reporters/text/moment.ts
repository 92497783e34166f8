import { ShakedownError } from '../../src/base/errors.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * A moment as people type it: `30m`, `2h`, `7d` ago, or an ISO 8601 date (local time unless it names a zone).
 *
 * @returns milliseconds since the Unix epoch
 * @throws ShakedownError `E_USAGE`
 */
export function parseMoment(text: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return nowMs - Number(count) * (UNIT_MS[unit] ?? 0)
  const wallMs = /^\d{4}-\d\d/.test(text) ? new Date(text).getTime() : Number.NaN
  if (!Number.isNaN(wallMs)) return wallMs
  throw new ShakedownError(
    'E_USAGE',
    `Expected \`--since\` to be an age such as 30m, 2h or 7d, or a date such as 2026-11-20, got ${JSON.stringify(text)}.`,
  )
}

/** A moment in local time, as every tool of this kind sorts it: `2026-11-20 09:46:44`. */
export function formatMoment(wallMs: number): string {
  const date = new Date(wallMs)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
