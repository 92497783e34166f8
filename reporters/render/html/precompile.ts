import { createRequire } from 'node:module'
import {
  ENTRY_TEMPLATE,
  ERROR_TEMPLATE,
  FILE_TEMPLATE,
  PAGE_TEMPLATE,
  SECTION_TEMPLATE,
  TABLE_TEMPLATE,
} from './templates.ts'

/** The page's templates by name: the page itself and its partials. */
export type TemplateName = 'page' | 'section' | 'entry' | 'error' | 'file' | 'table'

const TEXTS: Readonly<Record<TemplateName, string>> = {
  page: PAGE_TEMPLATE,
  section: SECTION_TEMPLATE,
  entry: ENTRY_TEMPLATE,
  error: ERROR_TEMPLATE,
  file: FILE_TEMPLATE,
  table: TABLE_TEMPLATE,
}

/** The source of a JavaScript object: what Handlebars makes of each template, by name. */
export function precompileTemplates(): string {
  // In its one-file build: the same code in one file instead of forty-four.
  const { precompile } = createRequire(import.meta.url)('handlebars/dist/handlebars.min.js') as {
    // The types say `object`; it is a text.
    precompile: (template: string, options: object) => string
  }
  const members = Object.entries(TEXTS).map(([name, text]) => {
    // Strict: a name the view does not have is an error and not an empty place in the page.
    const options = { strict: true, knownHelpersOnly: true, preventIndent: true }
    return `${name}: ${precompile(text, options)}`
  })
  return `{ ${members.join(',\n')} }`
}
