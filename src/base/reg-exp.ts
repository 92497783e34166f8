/**
 * A text as the source of a pattern that matches just this text, with every flag, outside of `[…]`. `RegExp.escape`
 * needs Node 24; the package runs from 22 on.
 *
 * @example
 * new RegExp(`^${escapeRegExp('a.b')}$`, 'u').test('axb') // false
 */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
