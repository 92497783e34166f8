import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { reportDirError } from './journal/report-dir.ts'
import { OUTPUTS } from './render/outputs.ts'
import type { OutputName } from './render/outputs.ts'
import type { RunReport } from './report/model.ts'

/**
 * The files a run leaves behind, by the name of the output.
 *
 * @example
 * const { json, markdown, html }: WrittenReports = await writeReports(report, '.shakedown')
 */
export type WrittenReports = { readonly [Name in OutputName]: string }

/** Writes a report's files into a folder; everything it needs is loaded. */
export type WriteReports = (report: RunReport, reportDir: string) => WrittenReports

/**
 * Writes every file of a report, `report.json`, `report.md` and `report.html`, into a folder, creating it.
 *
 * Each file is replaced in one step: a program that reads meanwhile sees the old report or the new one, never half of
 * one.
 *
 * @returns the paths that were written
 * @throws ShakedownError `E_REPORT_DIR` with the folder and what to do when it cannot be written
 *
 * @example
 * const { html } = await writeReports(buildReport(readJournal('run.jsonl').events), 'reports')
 * console.log(`The report is in ${html}`)
 */
export async function writeReports(report: RunReport, reportDir: string): Promise<WrittenReports> {
  const write = await loadReportWriter()
  return write(report, reportDir)
}

/**
 * Removes the files of an earlier report, so that none outlives the start of a run.
 *
 * @throws ShakedownError `E_REPORT_DIR` when they cannot be removed
 */
export function removeReports(reportDir: string): void {
  try {
    for (const { file } of OUTPUTS) rmSync(path.join(reportDir, file), { force: true })
  } catch (cause) {
    throw reportDirError(reportDir, cause)
  }
}

/** Loads the renderers for a place that cannot wait when the time has come: a process that is about to exit. */
export async function loadReportWriter(): Promise<WriteReports> {
  const renderers = await Promise.all(
    OUTPUTS.map(async ({ name, file, load }) => ({ name, file, render: await load() })),
  )
  return (report, reportDir) => {
    // All are rendered before the first is written: a renderer that fails leaves the last report whole.
    const texts = renderers.map(
      ({ name, file, render }) => [name, path.join(reportDir, file), render(report)] as const,
    )
    try {
      mkdirSync(reportDir, { recursive: true })
      for (const [, file, text] of texts) replaceFile(file, text)
    } catch (cause) {
      throw reportDirError(reportDir, cause)
    }
    return Object.fromEntries(texts) as WrittenReports
  }
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
