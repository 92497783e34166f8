import { createRequire } from 'node:module'
import type HandlebarsModule from 'handlebars'
import type { PageView } from './page-view.ts'
import { TEMPLATE_SPECS } from './template-specs.ts'

/** What the page template prints. */
export interface Page {
  readonly page: PageView
  readonly policy: string
  /** Like the script not escaped: both are ours, and their hashes would not match if they were. */
  readonly styles: string
  readonly script: string
}

let template: ((page: Page) => string) | undefined

/** The text of the page. */
export function renderPage(page: Page): string {
  template ??= load()
  return template(page)
}

function load(): (page: Page) => string {
  // Loaded for the first page, without the compiler, and in its one-file build.
  const library = createRequire(import.meta.url)(
    'handlebars/dist/handlebars.runtime.min.js',
  ) as typeof HandlebarsModule
  // An environment of its own: helpers and partials registered elsewhere must not reach this page.
  const handlebars = library.create()
  const { page: pageSpec, ...partials } = TEMPLATE_SPECS
  for (const [name, spec] of Object.entries(partials))
    handlebars.registerPartial(name, handlebars.template(spec))
  const render = handlebars.template<object>(pageSpec)
  return ({ styles, script, ...page }) =>
    render({ ...page, styles: new library.SafeString(styles), script: new library.SafeString(script) })
}
