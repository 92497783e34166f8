/** Longest program or point pattern, in UTF-16 units: forty times the longest we ever wrote by hand. */
export const TEXT_MAX = 4096
/** Most steps of one program; longer scripts are no longer readable as one line. */
export const STEPS_MAX = 64
/** Most calls one finite step may take; more than any scenario can make within its own limits. */
export const TIMES_MAX = 1_000_000
/** Longest delay in milliseconds: what a platform timer can hold (2^31 − 1, about 24.8 days). */
export const DELAY_MS_MAX = 2_147_483_647
/** Deepest nesting of a JSON argument: keeps the parser's recursion far from the end of the stack. */
export const JSON_DEPTH_MAX = 64
/** Longest error code or other bare word; Node's own longest code has 47 letters. */
export const WORD_MAX = 64
/** Longest name of a boundary point; URLs that carry meaning in their path fit well inside. */
export const POINT_NAME_MAX = 1024
/** Largest body or output a fault can produce, in bytes: enough to break a limit, too little to break the machine. */
export const BYTES_MAX = 64_000_000
