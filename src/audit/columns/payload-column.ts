import type { StoredPayload } from '../store.ts'

/** Follows the head of a cut payload. No JSON text ends like this, so the marker cannot be part of a payload. */
const MARKER = /… \[truncated: (\d+) characters, SHA-256 ([0-9a-f]{64})\]$/
/** Longer than any marker. */
const MARKER_LENGTH_MAX = 128

/** A payload as one column of text, so that a person who reads the file by hand sees what is missing. */
export function columnOf(payload: StoredPayload | null): string | null {
  if (payload === null) return null
  if (!payload.truncated) return payload.json
  return `${payload.json}… [truncated: ${payload.fullLength ?? 0} characters, SHA-256 ${payload.sha256 ?? ''}]`
}

export function payloadOf(column: string | null): StoredPayload | null {
  if (column === null) return null
  const marker = MARKER.exec(column.slice(-MARKER_LENGTH_MAX))
  if (marker === null) return { json: column, truncated: false }
  const [whole, fullLength, sha256 = ''] = marker
  return { json: column.slice(0, -whole.length), truncated: true, fullLength: Number(fullLength), sha256 }
}
