import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type HandlebarsModule from 'handlebars'
import { STYLES } from './html/styles.ts'
import {
  ENTRY_TEMPLATE,
  ERROR_TEMPLATE,
  PAGE_TEMPLATE,
  SECTION_TEMPLATE,
  TABLE_TEMPLATE,
} from './html/templates.ts'
import { pageView } from './html/view.ts'
import { visible } from '../text/visible.ts'
import { mapStrings } from '../report/map-strings.ts'
import type { RunReport } from '../report/model.ts'
import type { PageView } from './html/page-view.ts'

/** Its one-file build: the same code in one file instead of forty-four loads in a third of the time. */
const Handlebars = createRequire(import.meta.url)(
  'handlebars/dist/handlebars.min.js',
) as typeof HandlebarsModule

/** What the page template prints. */
interface Page {
  readonly page: PageView
  readonly policy: string
  readonly styles: InstanceType<typeof HandlebarsModule.SafeString>
}

/**
 * Nothing is loaded, nothing runs, nothing is sent: the one style sheet is allowed by its hash. Even if a test's
 * name found a way out of its text, the browser would not run it.
 */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLES).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

let compiled: HandlebarsModule.TemplateDelegate<Page> | undefined

/**
 * The report as one HTML file that needs nothing else: no script, no network, no font. Failures come first; it reads
 * well on paper, on a phone, in the dark, by keyboard and by ear.
 *
 * @example
 * writeFileSync('report.html', renderHtml(report))
 */
export function renderHtml(report: RunReport): string {
  compiled ??= compile()
  return compiled({
    // On their way into the page all at once, so that no string can be forgotten.
    page: mapStrings(pageView(report), visible),
    policy: POLICY,
    // The one text that is not escaped: it is ours, and its hash would not match if it were.
    styles: new Handlebars.SafeString(STYLES),
  })
}

function compile(): HandlebarsModule.TemplateDelegate<Page> {
  // An environment of its own: helpers and partials registered elsewhere must not reach this page.
  const handlebars = Handlebars.create()
  handlebars.registerPartial({
    section: SECTION_TEMPLATE,
    entry: ENTRY_TEMPLATE,
    error: ERROR_TEMPLATE,
    table: TABLE_TEMPLATE,
  })
  // Strict: a name the view does not have is an error and not an empty place in the page.
  return handlebars.compile<Page>(PAGE_TEMPLATE, {
    strict: true,
    knownHelpersOnly: true,
    preventIndent: true,
  })
}
