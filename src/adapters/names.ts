/*
 * Names of adapters: people write them in code, in orders, in scenarios and on the command line, so there is one spelling.
 */

/** Beyond that no table and no message shows a name whole. */
const NAME_LENGTH_MAX = 60
const NAME = /^[a-z0-9][a-z0-9._-]*$/

/** What a name must be, in words. */
export const ADAPTER_NAME_RULE: string = `text of 1 to ${NAME_LENGTH_MAX} letters, digits, '.', '_' and '-' that begins with a letter or a digit`

/** The one spelling of a name: without white space around it, in small letters. */
export function normalName(name: string): string {
  return name.trim().toLowerCase()
}

/** True for a name in its one spelling. */
export function isAdapterName(name: string): boolean {
  return name.length <= NAME_LENGTH_MAX && NAME.test(name)
}
