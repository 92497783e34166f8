import { lstatSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'

/*
 * Node can be told not to throw where there is nothing, but not for a link that leads to itself, a file in place of a
 * folder on the way, or a name that is too long. To whoever looks, that is the same: there is nothing to use.
 */

/** What is there, links followed; `undefined` where nothing can be used. */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}

/** What is there itself, perhaps a link; `undefined` where nothing can be used. */
export function lstatOf(file: string): Stats | undefined {
  try {
    return lstatSync(file)
  } catch {
    return undefined
  }
}
