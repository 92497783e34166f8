/** What a secret is replaced by; where its kind is known, the kind follows: `[redacted api key]`. */
export const REDACTED = '[redacted]'

/** How every replacement begins: what begins so is hidden already. */
export const REDACTED_START = '[redacted'

/**
 * Where a token may begin: not in the middle of a word. The letter of an escaped line break (`\n`) and the digits of
 * a percent escape (`%22`) are no part of a word, though they look like one in text that holds JSON or a URL.
 */
export const BOUNDARY = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[bfnrt])|(?<=%[0-9A-Fa-f]{2}))`
