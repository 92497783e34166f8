/** What a table calls this package. */
export const OURS = 'shakedown'
