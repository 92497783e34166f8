import leven from 'leven'

/**
 * The known name closest to a misspelt one, or `undefined` when nothing is close enough to suggest.
 *
 * @example
 * nearest('retreis', ['retries', 'timeoutMs']) // 'retries'
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  // A third of the letters may differ: `retreis` → `retries`, but not `x` → `on`.
  const furthest = Math.max(1, Math.floor(name.length / 3) + 1)
  let best: string | undefined
  let bestDistance = furthest + 1
  for (const candidate of known) {
    const distance = leven(name.toLowerCase(), candidate.toLowerCase(), { maxDistance: furthest + 1 })
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/**
 * ` Did you mean \`retries\`?`, or nothing: to be put after a message.
 *
 * @example
 * didYouMean('retreis', ['retries', 'timeoutMs']) // ' Did you mean `retries`?'
 */
export function didYouMean(name: string, known: Iterable<string>): string {
  return suggest(nearest(name, known))
}

/** The same for a name that has been looked up already. */
export function suggest(candidate: string | undefined): string {
  return candidate === undefined ? '' : ` Did you mean \`${candidate}\`?`
}
