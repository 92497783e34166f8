import type { RunReport } from '../report/model.ts'

/** Turns a report into the text of a file. */
export type Render = (report: RunReport) => string

/** One file that a run leaves behind. */
export interface Output {
  readonly name: string
  /** Its name in the report folder. */
  readonly file: string
  /** Loads what renders it: most processes that know the list render nothing. */
  readonly load: () => Promise<Render>
}

/** Every file of a report. To add one, write its renderer and a line here. */
export const OUTPUTS = [
  { name: 'json', file: 'report.json', load: async () => (await import('./json.ts')).renderJson },
  { name: 'markdown', file: 'report.md', load: async () => (await import('./markdown.ts')).renderMarkdown },
  { name: 'html', file: 'report.html', load: async () => (await import('./html.ts')).renderHtml },
] as const satisfies readonly Output[]

export type OutputName = (typeof OUTPUTS)[number]['name']
