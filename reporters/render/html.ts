import { createHash } from 'node:crypto'
import { SCRIPT } from './html/script.ts'
import { STYLES } from './html/styles.ts'
import { renderPage } from './html/page.ts'
import { pageView } from './html/view.ts'
import { visible } from '../text/visible.ts'
import { mapStrings } from '../report/map-strings.ts'
import type { RunReport } from '../report/model.ts'

/**
 * Nothing is loaded, nothing is sent: the one style sheet and the one script are allowed by their hashes. Even if a
 * test's name found a way out of its text, the browser would not run it.
 */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLES)}`,
  `script-src ${hashOf(SCRIPT)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * The report as one HTML file that needs nothing else: no network, no font, and no script to be read. Failures come
 * first; it reads well on paper, on a phone, in the dark, by keyboard and by ear.
 *
 * `reportDir` is where the runs are that the next steps name; default `.shakedown`.
 *
 * @example
 * writeFileSync('report.html', renderHtml(report))
 */
export function renderHtml(report: RunReport, { reportDir }: { readonly reportDir?: string } = {}): string {
  return renderPage({
    // On their way into the page all at once, so that no string can be forgotten.
    page: mapStrings(pageView(report, reportDir), visible),
    policy: POLICY,
    styles: STYLES,
    script: SCRIPT,
  })
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
