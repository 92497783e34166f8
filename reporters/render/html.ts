import { createHash } from 'node:crypto'
import { STYLES } from './html/styles.ts'
import { renderPage } from './html/page.ts'
import { pageView } from './html/view.ts'
import { visible } from '../text/visible.ts'
import { mapStrings } from '../report/map-strings.ts'
import type { RunReport } from '../report/model.ts'

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

/**
 * The report as one HTML file that needs nothing else: no script, no network, no font. Failures come first; it reads
 * well on paper, on a phone, in the dark, by keyboard and by ear.
 *
 * @example
 * writeFileSync('report.html', renderHtml(report))
 */
export function renderHtml(report: RunReport): string {
  return renderPage({
    // On their way into the page all at once, so that no string can be forgotten.
    page: mapStrings(pageView(report), visible),
    policy: POLICY,
    styles: STYLES,
  })
}
