import type { Position, ScenarioSource, TableRow } from './scenario.ts'

/** `['faults', 'http:POST /orders']` → `/faults/http:POST ~1orders` (JSON Pointer, RFC 6901). */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Where a key is; a key that was never written is where its nearest written parent is. */
export function positionOf(
  positions: ScenarioSource['positions'],
  path: readonly (string | number)[],
): Position | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const pointer = pointerOf(path.slice(0, length))
    if (Object.hasOwn(positions, pointer)) return positions[pointer]
  }
  return undefined
}

/** `expect.attempts.draft`, as people write it; list items as `order[2]`. */
export function keyPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('')
}

/** Says which row of a table a message is about: its number, and where it is written. */
export function rowNote({ number, at }: TableRow): string {
  return `(Row ${number} of \`with\`, line ${at.line}.)`
}
