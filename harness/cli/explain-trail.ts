export function renderTrail(t: unknown): string {
  return String(t)
}
