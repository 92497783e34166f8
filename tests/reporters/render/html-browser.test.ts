import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { renderHtml } from '../../../reporters/render/html.ts'
import { testFinished, wholeFile, wholeRun } from '../support/events.ts'
import { launchChromium } from '../support/chromium.ts'
import { HOSTILE } from '../support/hostile.ts'
import { sampleReport } from '../support/sample-report.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { RunReport } from '../../../reporters/report/model.ts'
import { has, needs } from '../../support/systems.ts'

beforeEach((context) => needs(context, 'linux', 'the Chromium from npm is built for Linux'))

/** The first start unpacks a browser of some 200 MB. */
const LAUNCH_MS = 120_000
const PAGE_MS = 60_000

let browser: Browser

// What runs inside the page is text here: the page's globals are not those of these files.
const UNFOLD_ALL = `document.querySelectorAll('details').forEach((details) => { details.open = true })`
const PWNED = `'pwned' in globalThis`
const ELEMENTS = `[...document.querySelectorAll('*')]
  .filter(({ localName }) => localName !== 'span')
  .map(({ localName, attributes }) => [localName, ...[...attributes].map(({ name }) => name)].join(' '))`

beforeAll(async () => {
  if (!has('linux')) return
  browser = await launchChromium()
}, LAUNCH_MS)

afterAll(() => browser.close())

/** A page showing the report, and everything it complained about or asked the network for. */
async function open(
  report: RunReport,
  options: BrowserContextOptions = {},
): Promise<AsyncDisposable & { page: Page; complaints: string[]; requests: string[] }> {
  const dir = tempDir()
  const file = path.join(dir.path, 'report.html')
  writeFileSync(file, renderHtml(report))
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(pathToFileURL(file).href)
  return {
    page,
    complaints,
    requests,
    [Symbol.asyncDispose]: async () => {
      await context.close()
      dir[Symbol.dispose]()
    },
  }
}

test('the page loads without a complaint and asks for nothing else', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport())
  expect(opened.complaints).toEqual([])
  expect(opened.requests).toEqual([opened.page.url()])
  expect(await opened.page.title()).toBe('INCOMPLETE: files were lost · shakedown')
  // The style sheet is there, so its hash in the policy is right.
  expect(
    await opened.page.evaluate(`getComputedStyle(document.querySelector('.badge')).borderTopStyle`),
  ).toBe('solid')
})

test.each(['light', 'dark'] as const)(
  'in %s nothing is inaccessible',
  { timeout: PAGE_MS },
  async (colorScheme) => {
    await using opened = await open(sampleReport(), { colorScheme })
    await opened.page.evaluate(UNFOLD_ALL)
    const { violations } = await new AxeBuilder({ page: opened.page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  },
)

test('axe finds what is wrong on a page that is not accessible', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport())
  await opened.page.evaluate(`document.documentElement.removeAttribute('lang')`)
  const { violations } = await new AxeBuilder({ page: opened.page }).withRules(['html-has-lang']).analyze()
  expect(violations.map(({ id }) => id)).toEqual(['html-has-lang'])
})

test.each([360, 768, 1280])(
  'at %d pixels nothing is wider than the screen',
  { timeout: PAGE_MS },
  async (width) => {
    for (const report of [
      sampleReport(),
      sampleReport('x'.repeat(400)),
      sampleReport(' wide words'.repeat(40)),
    ]) {
      await using opened = await open(report, { viewport: { width, height: 800 } })
      await opened.page.evaluate(UNFOLD_ALL)
      expect(await opened.page.evaluate(`document.documentElement.scrollWidth`)).toBe(width)
    }
  },
)

test('entries fold and unfold by keyboard', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport())
  const { page } = opened
  const entry = page.locator('#failures details.entry').first()
  const isOpen = (): Promise<unknown> =>
    page.evaluate(`document.querySelector('#failures details.entry').open`)
  await entry.locator('> summary').focus()
  const before = await isOpen()
  await page.keyboard.press('Enter')
  expect(await isOpen()).toBe(!before)
  await page.keyboard.press('Space')
  expect(await isOpen()).toBe(before)
})

test('the first stop of the tabulator leads past the head to the results', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport())
  await opened.page.keyboard.press('Tab')
  expect(await opened.page.evaluate(`document.activeElement.textContent`)).toBe('Skip to the results')
  await opened.page.keyboard.press('Enter')
  expect(new URL(opened.page.url()).hash).toBe('#content')
})

test('files without problems can be filtered out without a script', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport())
  const all = await opened.page.locator('#files details.test-file').count()
  await opened.page.locator('#files .filter input').check()
  const shown = await opened.page.evaluate(
    `[...document.querySelectorAll('#files details.test-file')].filter((file) => getComputedStyle(file).display !== 'none').length`,
  )
  expect([all, shown]).toEqual([8, 7])
})

/** What a reader sees of the list of tests: file, and the tests of one that is unfolded. */
const LISTED = `[...document.querySelectorAll('details.test-file')]
  .filter((file) => file.checkVisibility())
  .flatMap((file) => [
    file.querySelector('.file-name').textContent,
    ...[...file.querySelectorAll('.tests li')]
      .filter((test) => test.checkVisibility({ contentVisibilityAuto: true }))
      .map((test) => test.firstChild.textContent.trim()),
  ])`

test('one of three thousand passing tests is found by its name', { timeout: PAGE_MS }, async () => {
  await using opened = await open(manyTests(60, 50))
  const { page } = opened
  const box = page.getByRole('search')
  await box.getByLabel('Filter by name').fill('Thing-7- file-12.')
  await expect.poll(() => box.locator('output').textContent()).toBe('1 test')
  expect(await page.evaluate(LISTED)).toEqual(['tests/file-12.test.ts', 'does thing-7-of-50'])
  await box.getByLabel('Filter by name').fill('there is no such test')
  await expect.poll(() => box.locator('output').textContent()).toBe('0 tests')
  expect(await page.evaluate(`document.querySelectorAll('main > section:not([hidden])').length`)).toBe(0)
  await box.getByLabel('Filter by name').fill('')
  await expect.poll(() => box.locator('output').textContent()).toBe('')
  expect(await page.evaluate(LISTED)).toHaveLength(60)
  expect(opened.complaints).toEqual([])
})

test('without a script there is no box, and every test is in its file', { timeout: PAGE_MS }, async () => {
  await using opened = await open(manyTests(60, 50), { javaScriptEnabled: false })
  const { page } = opened
  expect(await page.locator('.find').isVisible()).toBe(false)
  expect(await page.locator('details.test-file .tests li').count()).toBe(3_000)
  const file = page.locator('details.test-file').nth(12)
  await file.locator('summary').click()
  expect(await file.locator('.tests li').nth(7).isVisible()).toBe(true)
})

test(
  'ten thousand tests are a page of less than 2 MB that a browser shows at once',
  { timeout: PAGE_MS },
  async () => {
    const report = manyTests(400, 25)
    expect(Buffer.byteLength(renderHtml(report))).toBeLessThan(2_000_000)
    await using opened = await open(report)
    // What is folded is not laid out: nearly all of the work is reading the text.
    const laidOut = await opened.page.evaluate(
      `[...document.querySelectorAll('.tests li')].filter((test) => test.checkVisibility()).length`,
    )
    expect(laidOut).toBe(0)
    expect(await opened.page.locator('.tests li').count()).toBe(10_000)
  },
)

function manyTests(files: number, testsOfEach: number): RunReport {
  return buildReport(
    wholeRun(
      Array.from({ length: files }, (_, number) => {
        const file = `tests/file-${number}.test.ts`
        const tests = Array.from({ length: testsOfEach }, (_test, index) =>
          testFinished(file, `does thing-${index}-of-${testsOfEach}`, 'passed'),
        )
        return wholeFile(file, tests)
      }).flat(),
    ),
  )
}

test('on paper everything is unfolded and black on white', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport(), { colorScheme: 'dark' })
  await opened.page.emulateMedia({ media: 'print', colorScheme: 'light' })
  const height = `document.querySelector('#timeouts details.more pre').getBoundingClientRect().height`
  expect(await opened.page.evaluate(height)).toBeGreaterThan(10)
  expect(await opened.page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe(
    'rgb(255, 255, 255)',
  )
})

test('paper has the accents of the light scheme, whatever the screen has', { timeout: PAGE_MS }, async () => {
  await using opened = await open(sampleReport(), { colorScheme: 'dark' })
  const accents = `['link', 'passed', 'failed', 'timeout', 'lost', 'warned', 'note', 'added', 'removed'].map(
    (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name))`
  await opened.page.emulateMedia({ media: 'screen', colorScheme: 'light' })
  const light = await opened.page.evaluate(accents)
  await opened.page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await opened.page.evaluate(accents)).toEqual(light)
})

test('no hostile text builds an element, runs or calls anybody', { timeout: PAGE_MS }, async () => {
  await using harmless = await open(reportOf(HOSTILE.map(() => 'x')))
  await using opened = await open(reportOf(HOSTILE))
  expect(await opened.page.evaluate(ELEMENTS)).toEqual(await harmless.page.evaluate(ELEMENTS))
  expect(await opened.page.evaluate(PWNED)).toBe(false)
  expect(opened.requests).toEqual([opened.page.url()])
  expect(opened.complaints).toEqual([])
})

/** One report with the entries of a sample for each text, so that a browser has to look only once. */
function reportOf(texts: readonly string[]): RunReport {
  const reports = texts.map((text) => sampleReport(text))
  return {
    ...sampleReport(texts.join(' ')),
    failures: reports.flatMap((report) => report.failures),
    timeouts: reports.flatMap((report) => report.timeouts),
    asyncErrors: reports.flatMap((report) => report.asyncErrors),
    flaky: reports.flatMap((report) => report.flaky),
    files: reports.flatMap((report) => report.files),
  }
}

test(
  'even a page with a script in it would not run it: the policy forbids it',
  { timeout: PAGE_MS },
  async () => {
    using dir = tempDir()
    const file = path.join(dir.path, 'report.html')
    writeFileSync(
      file,
      renderHtml(sampleReport()).replace('<main', '<script>globalThis.pwned = 1</script><main'),
    )
    const page = await browser.newPage()
    await page.goto(pathToFileURL(file).href)
    expect(await page.evaluate(PWNED)).toBe(false)
    await page.close()
  },
)
