import type { RunReport } from '../report/model.ts'

/** Turns a report into the text of a file. */
export type Render = (report: RunReport, place: { readonly reportDir: string }) => string

/** One file that a run leaves behind. */
export interface Output {
  readonly name: string
  /** Its name in the report folder. */
  readonly file: string
  /** What its first thousand characters have; a file without it is somebody else's. */
  readonly mark: RegExp
  /** Loads what renders it: most processes that know the list render nothing. */
  readonly load: () => Promise<Render>
}

/** Every file of a report. To add one, write its renderer and a line here. */
export const OUTPUTS = [
  {
    name: 'json',
    file: 'report.json',
    mark: /^\{\s*"schemaVersion"/,
    load: async () => (await import('./json.ts')).renderJson,
  },
  {
    name: 'markdown',
    file: 'report.md',
    mark: /^## \S+ [A-Z ]+\b[^]*? · exit code \d/,
    load: async () => (await import('./markdown.ts')).renderMarkdown,
  },
  {
    name: 'html',
    file: 'report.html',
    mark: /<meta name="generator" content="shakedown">/,
    load: async () => (await import('./html.ts')).renderHtml,
  },
] as const satisfies readonly Output[]

export type OutputName = (typeof OUTPUTS)[number]['name']
