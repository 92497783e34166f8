/**
 * How long a failing target asked us to stay away, in milliseconds; 0 when it did not say.
 *
 * Read from the error itself: `retryAfterMs`, or an HTTP `Retry-After` in `headers` or `response.headers`
 * (RFC 9110 §10.2.3: seconds, or an HTTP date). Never throws, whatever was thrown.
 */
export function retryAfterMs(thrown: unknown, wallMs: () => number): number {
  try {
    if (typeof thrown !== 'object' || thrown === null) return 0
    const error = thrown as {
      retryAfterMs?: unknown
      headers?: unknown
      response?: { headers?: unknown } | null
    }
    if (typeof error.retryAfterMs === 'number') return clean(error.retryAfterMs)
    const text = header(error.headers) ?? header(error.response?.headers)
    if (text === undefined) return 0
    if (/^\d+$/.test(text)) return clean(Number(text) * 1000)
    return clean(Date.parse(text) - wallMs())
  } catch {
    // A getter or proxy that throws asked for nothing.
    return 0
  }
}

function header(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const value: unknown =
    typeof (headers as Headers).get === 'function'
      ? (headers as Headers).get('retry-after')
      : ((headers as Record<string, unknown>)['retry-after'] ??
        (headers as Record<string, unknown>)['Retry-After'])
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined
}

function clean(ms: number): number {
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0
}
