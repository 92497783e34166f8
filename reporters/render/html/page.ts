import { createRequire } from 'node:module'
import type HandlebarsModule from 'handlebars'
import type { PageView } from './page-view.ts'
import {
  ENTRY_TEMPLATE,
  ERROR_TEMPLATE,
  PAGE_TEMPLATE,
  SECTION_TEMPLATE,
  TABLE_TEMPLATE,
} from './templates.ts'

/** What the page template prints. */
export interface Page {
  readonly page: PageView
  readonly policy: string
  /** The one text that is not escaped: it is ours, and its hash would not match if it were. */
  readonly styles: string
}

let template: ((page: Page) => string) | undefined

/** The text of the page. */
export function renderPage(page: Page): string {
  template ??= compile()
  return template(page)
}

function compile(): (page: Page) => string {
  // Loaded for the first page, in its one-file build: the same code in one file instead of forty-four.
  const library = createRequire(import.meta.url)(
    'handlebars/dist/handlebars.min.js',
  ) as typeof HandlebarsModule
  // An environment of its own: helpers and partials registered elsewhere must not reach this page.
  const handlebars = library.create()
  handlebars.registerPartial({
    section: SECTION_TEMPLATE,
    entry: ENTRY_TEMPLATE,
    error: ERROR_TEMPLATE,
    table: TABLE_TEMPLATE,
  })
  // Strict: a name the view does not have is an error and not an empty place in the page.
  const render = handlebars.compile<object>(PAGE_TEMPLATE, {
    strict: true,
    knownHelpersOnly: true,
    preventIndent: true,
  })
  return ({ styles, ...page }) => render({ ...page, styles: new library.SafeString(styles) })
}
