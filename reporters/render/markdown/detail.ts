/** How much a rendering tells. */
export interface Detail {
  /** What this level leaves out besides what the levels before it do, for the reader. */
  readonly dropped: string
  readonly stacks: boolean
  readonly diffs: boolean
  /** Entries per section. */
  readonly entriesMax: number
  /** Characters per error message. */
  readonly messageCharsMax: number
  /** The sections that come after failures, timeouts and async errors. */
  readonly remarks: boolean
}

/**
 * The order in which detail is given up until a report fits, least missed first. The last level is a heading and
 * totals, a few hundred bytes, so that something always fits.
 */
export const DETAILS: readonly [Detail, ...Detail[]] = [
  { dropped: '', stacks: true, diffs: true, entriesMax: 1_000, messageCharsMax: 10_000, remarks: true },
  {
    dropped: 'stack traces',
    stacks: false,
    diffs: true,
    entriesMax: 1_000,
    messageCharsMax: 10_000,
    remarks: true,
  },
  {
    dropped: 'long messages',
    stacks: false,
    diffs: true,
    entriesMax: 1_000,
    messageCharsMax: 1_000,
    remarks: true,
  },
  {
    dropped: 'all but 100 entries of each section',
    stacks: false,
    diffs: true,
    entriesMax: 100,
    messageCharsMax: 1_000,
    remarks: true,
  },
  { dropped: 'diffs', stacks: false, diffs: false, entriesMax: 100, messageCharsMax: 1_000, remarks: true },
  {
    dropped: 'skipped tests, slow tests, warnings, scenarios',
    stacks: false,
    diffs: false,
    entriesMax: 100,
    messageCharsMax: 500,
    remarks: false,
  },
  {
    dropped: 'all but 10 entries of each section',
    stacks: false,
    diffs: false,
    entriesMax: 10,
    messageCharsMax: 300,
    remarks: false,
  },
  {
    dropped: 'everything but the totals',
    stacks: false,
    diffs: false,
    entriesMax: 0,
    messageCharsMax: 0,
    remarks: false,
  },
]
