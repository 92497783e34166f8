import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { reportDirError } from './journal/report-dir.ts'
import { renderHtml } from './render/html.ts'
import { renderJson } from './render/json.ts'
import { renderMarkdown } from './render/markdown.ts'
import type { RunReport } from './report/model.ts'

/** The files a run leaves behind, by what they are for. */
export interface WrittenReports {
  readonly json: string
  readonly markdown: string
  readonly html: string
}

/**
 * Writes `report.json`, `report.md` and `report.html` into a folder, creating it. The one place that writes reports.
 *
 * Each file is replaced in one step: whoever reads meanwhile sees the old report or the new one, never half of one.
 *
 * @throws ShakedownError `E_REPORT_DIR` with the folder and what to do when it cannot be written
 */
export function writeReports(report: RunReport, reportDir: string): WrittenReports {
  const written = {
    json: path.join(reportDir, 'report.json'),
    markdown: path.join(reportDir, 'report.md'),
    html: path.join(reportDir, 'report.html'),
  }
  const texts = [
    [written.json, renderJson(report)],
    [written.markdown, renderMarkdown(report)],
    [written.html, renderHtml(report)],
  ] as const
  try {
    mkdirSync(reportDir, { recursive: true })
    for (const [file, text] of texts) replaceFile(file, text)
  } catch (cause) {
    throw reportDirError(reportDir, cause)
  }
  return written
}

function replaceFile(file: string, text: string): void {
  // The process id keeps two runs that end together from writing into one another's file.
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
