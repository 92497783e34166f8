/** How something ended, as colour, shape and word. `note` is for what is neither good nor bad. */
export type Tone = 'passed' | 'failed' | 'timeout' | 'lost' | 'warned' | 'note'

/** The page as its template prints it: every string is final text, every part is present. */
export interface PageView {
  readonly title: string
  readonly tone: Tone
  readonly headline: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly startedAtText: string
  readonly facts: readonly string[]
  readonly tiles: readonly TileView[]
  readonly bar: readonly BarSegmentView[]
  readonly sections: readonly SectionView[]
  /** What is said instead of sections when there is nothing to report. */
  readonly quiet: string
  readonly runId: string
}

/** One number of the overview. */
export interface TileView {
  readonly label: string
  readonly value: string
  readonly detail: string
  readonly tone: Tone
}

/** A share of all tests, in percent of the bar's width. */
export interface BarSegmentView {
  readonly tone: Tone
  readonly label: string
  readonly x: number
  readonly width: number
}

export interface SectionView {
  readonly id: string
  readonly title: string
  readonly count: string
  readonly entries: readonly EntryView[]
  /** Empty, or the one table of the section. */
  readonly tables: readonly TableView[]
  /** Files with their tests; empty in all sections but one. */
  readonly files: readonly FileView[]
  /** Troubled and fine files are mixed. */
  readonly filesFilterable: boolean
  /** How many more there are than the page shows; empty when it shows all. */
  readonly left: string
}

/** Something that went wrong, foldable. */
export interface EntryView {
  readonly tone: Tone
  readonly badge: string
  readonly file: string
  /** Empty when the file as a whole is meant. */
  readonly test: string
  readonly facts: readonly string[]
  readonly place: string
  readonly errors: readonly ErrorView[]
  /** The command that tells more; empty where there is none. */
  readonly next: string
  readonly open: boolean
}

export interface ErrorView {
  readonly name: string
  /** Empty where the checks say it all. */
  readonly message: string
  /** Values one below the other, each with what more there is to say and where it is written. */
  readonly checks: readonly {
    /** Both empty where there is nothing to compare. */
    readonly expected: string
    readonly received: string
    readonly text: string
    readonly place: string
  }[]
  readonly diff: readonly { readonly sign: 'removed' | 'added' | 'same'; readonly text: string }[]
  readonly causes: readonly { readonly text: string; readonly place: string; readonly codeFrame: string }[]
  /** Of a further error; that of the first one is among the facts. */
  readonly place: string
  /** The lines it came from; empty where nobody read them. */
  readonly codeFrame: string
  readonly stack: string
}

/** Every file that ran, as far as the page has room. */
export interface FilesView {
  readonly files: readonly FileView[]
  /** Troubled and fine ones are mixed. */
  readonly filterable: boolean
  readonly filesLeft: number
}

/** A file with its tests, folded. */
export interface FileView {
  readonly tone: Tone
  readonly badge: string
  readonly file: string
  readonly fine: boolean
  readonly facts: readonly string[]
  readonly tests: readonly ListedTestView[]
  /** What is not listed; empty where all is. */
  readonly left: string
}

export interface ListedTestView {
  readonly tone: Tone
  readonly name: string
  readonly facts: string
}

export interface TableView {
  readonly caption: string
  /** The section's title says it already; then it is for screen readers only. */
  readonly captionRepeats: boolean
  /** Troubled and fine rows are mixed, so that showing only the troubled ones is of use. */
  readonly filterable: boolean
  readonly columns: readonly { readonly label: string; readonly shape: string }[]
  readonly rows: readonly RowView[]
}

export interface RowView {
  readonly fine: boolean
  readonly cells: readonly CellView[]
}

/** A table cell. `shape` is a list of CSS classes: `number`, and `wide` for columns a narrow screen leaves out. */
export interface CellView {
  readonly text: string
  readonly under: string
  readonly shape: string
  /** Empty, or a badge in place of the text. */
  readonly badges: readonly { readonly tone: Tone; readonly word: string }[]
}
