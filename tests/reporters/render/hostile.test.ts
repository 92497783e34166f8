import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { expect, test } from 'vitest'
import { renderConsole } from '../../../reporters/render/console.ts'
import { renderHtml } from '../../../reporters/render/html.ts'
import { renderJson } from '../../../reporters/render/json.ts'
import { renderMarkdown } from '../../../reporters/render/markdown.ts'
import { parseReport } from '../../../reporters/report/parse.ts'
import { HOSTILE } from '../support/hostile.ts'
import { sampleReport } from '../support/sample-report.ts'

/** The order of all tags, with their attributes: what a text must not change, whatever it is. */
function structure(html: string): string[] {
  // The classes of a diff follow its text, and that is fine.
  return (html.match(/<[^>]*>/g) ?? []).filter((tag) => !/^<\/?span/.test(tag))
}

function markdownAsHtml(text: string): string {
  return micromark(renderMarkdown(sampleReport(text)), {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
}

const OUR_COLOURS = /\u001B\[\d+m/g

const CONTROLS =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u

test.each(HOSTILE)('on a terminal %j moves nothing, colours nothing and commands nothing', (text) => {
  const report = sampleReport(text)
  const plain = renderConsole(report, { color: false, columns: 80 })
  expect(plain).not.toMatch(CONTROLS)
  for (const line of plain.split('\n')) {
    expect(line).not.toMatch(/^\s*::/)
    expect(line).not.toMatch(/##\w*\[/)
  }
  // In colour there is nothing but our own colours, and each of them ends.
  const coloured = renderConsole(report, { color: true, columns: 80 })
  expect(coloured.replaceAll(OUR_COLOURS, '')).toBe(plain)
  expect(coloured.isWellFormed()).toBe(true)
})

test.each(HOSTILE)('in Markdown %j stays text', (text) => {
  const html = markdownAsHtml(text)
  expect(structure(html)).toEqual(structure(markdownAsHtml('x')))
  expect(html).not.toMatch(/<a |<img |<script|<input /)
})

test.each(HOSTILE)('in HTML %j stays text', (text) => {
  const html = renderHtml(sampleReport(text))
  expect(structure(html)).toEqual(structure(renderHtml(sampleReport('x'))))
  expect(html.replaceAll(/[\n\t]/g, '')).not.toMatch(CONTROLS)
})

test.each(HOSTILE)('in JSON %j comes back as it was', (text) => {
  const report = sampleReport(text)
  expect(parseReport(renderJson(report), 'report.json')).toEqual(JSON.parse(JSON.stringify(report)))
})

test('the checks above can fail', () => {
  expect(structure('<p>&lt;b&gt;</p>')).not.toEqual(structure('<p><b></b></p>'))
  expect(
    micromark('| a |\n| - |\n| `b|c` |', { extensions: [gfm()], htmlExtensions: [gfmHtml()] }),
  ).not.toContain('b|c')
  expect('a\rb').toMatch(CONTROLS)
})
