import chromium from '@sparticuz/chromium'
import { chromium as playwright } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Fit for a lambda function, not for a test: with a single process, closing one page closes them all. */
const NOT_OURS = new Set(['--single-process', '--no-zygote'])

/**
 * Starts a real Chromium: the one `SHAKEDOWN_CHROME` names, else the one that comes inside an npm package and is
 * unpacked into the temporary folder on first use.
 */
export async function launchChromium(): Promise<Browser> {
  const named = process.env['SHAKEDOWN_CHROME']
  if (named) return playwright.launch({ executablePath: named })
  const args = chromium.args.filter((arg) => !NOT_OURS.has(arg))
  return playwright.launch({ args, executablePath: await chromium.executablePath() })
}
