/*
 * One mechanical encoding of a setting's name, so that people who know one of its names know all three:
 *
 *   budgets.asyncErrors   --budgets-async-errors   SHAKEDOWN_BUDGETS_ASYNC_ERRORS
 */

/** What all variables of ours begin with. */
export const VARIABLE_PREFIX = 'SHAKEDOWN_'

/** @example flagOf('budgets.asyncErrors') // '--budgets-async-errors' */
export function flagOf(name: string): string {
  return `--${wordsOf(name).join('-')}`
}

/** The flag that turns a switch off. @example negatedFlagOf('files') // '--no-files' */
export function negatedFlagOf(name: string): string {
  return `--no-${wordsOf(name).join('-')}`
}

/** @example variableOf('budgets.asyncErrors') // 'SHAKEDOWN_BUDGETS_ASYNC_ERRORS' */
export function variableOf(name: string): string {
  return VARIABLE_PREFIX + wordsOf(name).join('_').toUpperCase()
}

/** What the parser of the command line calls the flag. @example attributeOf('budgets.asyncErrors') // 'budgetsAsyncErrors' */
export function attributeOf(name: string): string {
  return name.replaceAll(/\.([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function wordsOf(name: string): readonly string[] {
  return name.replaceAll(/[A-Z]/g, (letter) => `.${letter.toLowerCase()}`).split('.')
}
