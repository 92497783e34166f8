import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { ShakedownError } from '../src/base/errors.ts'
import { reportDirError } from './journal/report-dir.ts'
import { OUTPUTS } from './render/outputs.ts'
import type { Output, OutputName } from './render/outputs.ts'
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
 * Removes the files of an earlier report, so that none outlives the start of a run. Files that are no reports stay.
 *
 * @throws ShakedownError `E_REPORT_DIR` when they cannot be removed
 */
export function removeReports(reportDir: string): void {
  try {
    for (const output of OUTPUTS) {
      const file = path.join(reportDir, output.file)
      if (!isForeign(file, output)) rmSync(file, { force: true })
    }
  } catch (cause) {
    throw reportDirError(reportDir, cause)
  }
}

/**
 * Refuses a folder where a report would overwrite a file of the same name that is no report.
 *
 * @throws ShakedownError `E_REPORT_DIR` with the file
 */
export function refuseForeignReports(reportDir: string): void {
  for (const output of OUTPUTS) {
    const file = path.join(reportDir, output.file)
    if (!isForeign(file, output)) continue
    throw new ShakedownError(
      'E_REPORT_DIR',
      `Expected ${file} to be a report of an earlier run or not to exist, got another file.`,
      { hint: 'Move that file away, or choose another folder with `reportDir`.' },
    )
  }
}

/** As much of a file as its mark is looked for in; ours have it in the first few lines. */
const MARKED_BYTES = 1_024

/** Whether this is a file with something in it that no run of ours has written. */
function isForeign(file: string, { mark }: Output): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  // A pipe or a link holds nothing to lose; a folder is refused by whoever removes it.
  if (stat?.isFile() !== true || stat.size === 0) return false
  const opened = openSync(file, 'r')
  try {
    const head = Buffer.alloc(MARKED_BYTES)
    return !mark.test(head.toString('utf8', 0, readSync(opened, head)))
  } finally {
    closeSync(opened)
  }
}

/** Loads the renderers for a place that cannot wait when the time has come: a process that is about to exit. */
export async function loadReportWriter(): Promise<WriteReports> {
  const renderers = await Promise.all(
    OUTPUTS.map(async ({ name, file, load }) => ({ name, file, render: await load() })),
  )
  return (report, reportDir) => {
    // As a person names it who is where the run was: a path of this machine would help nobody else.
    const place = { reportDir: path.relative(process.cwd(), reportDir).replaceAll('\\', '/') || '.' }
    // All are rendered before the first is written: a renderer that fails leaves the last report whole.
    const texts = renderers.map(
      ({ name, file, render }) => [name, path.join(reportDir, file), render(report, place)] as const,
    )
    try {
      mkdirSync(reportDir, { recursive: true })
      replaceFiles(texts.map(([, file, text]) => [file, text]))
    } catch (cause) {
      forgetReports(reportDir)
      throw reportDirError(reportDir, cause)
    }
    return Object.fromEntries(texts.map(([name, file]) => [name, file])) as WrittenReports
  }
}

/** Writes all before the first takes its place: on a full disk no two files tell of different runs. */
function replaceFiles(files: readonly (readonly [file: string, text: string])[]): void {
  try {
    for (const [file, text] of files) writeFileSync(temporary(file), text)
    for (const [file] of files) renameSync(temporary(file), file)
  } finally {
    for (const [file] of files) rmSync(temporary(file), { force: true })
  }
}

/** The process id keeps two runs that end together from writing into one another's file. */
function temporary(file: string): string {
  return `${file}.${process.pid}.tmp`
}

/** What is left of an earlier report says what is no longer so: that the run was killed, that it passed. */
function forgetReports(reportDir: string): void {
  try {
    removeReports(reportDir)
  } catch {
    // The folder cannot be written at all; the error that led here says so.
  }
}
