import path from 'node:path'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { OUTPUTS } from '../../../reporters/render/outputs.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import { settledValue } from '../../settings/settle.ts'
import { sealOf } from '../supervisor/file-seal.ts'
import type { FileSeal } from '../supervisor/file-seal.ts'
import type { SettledSettings, VitestJob } from '../supervisor/messages.ts'

/*
 * The report of a run, made where it ran: what it is made of is in this process's memory. The supervisor, which has
 * nothing to do until a run goes wrong, loads none of this; when one does, it makes the report itself, of the journal.
 */

/** A report that is written. */
export interface EndedReport {
  readonly exitCode: RunReport['run']['exitCode']
  /** What there is to print. */
  readonly text: string
  /** Its files as they were written. */
  readonly files: FileSeal[]
}

/** Writes the report of a run that has just begun: what is left when the whole machine is killed. */
export async function reportBegun(
  events: readonly JournalEvent[],
  { reportDir, values }: SettledSettings,
): Promise<void> {
  if (!settledValue(values, 'files')) return
  const begun = [...events]
  const { writeFirstReport } = await import('../outcome/output-report.ts')
  await writeFirstReport(begun, reportDir)
}

/**
 * Writes the report of a run that has ended.
 *
 * @returns what there is to print; `undefined` where the supervisor has more to say of it: nothing ran, or the report
 *   could not be written or is gone already
 */
export async function reportEnded(
  events: readonly JournalEvent[],
  { reportDir, values }: SettledSettings,
  { cwd, printing: { machine, color, columns } }: VitestJob,
): Promise<EndedReport | undefined> {
  const [{ buildReport }, { outputReport }] = await Promise.all([
    import('../../../reporters/analyse/build-report.ts'),
    import('../outcome/output-report.ts'),
  ])
  const report = buildReport(events)
  if (report.run.status === 'empty') return undefined
  const wanted = {
    reportDir,
    files: settledValue(values, 'files'),
    print: settledValue(values, 'print'),
    machine,
  }
  let text = ''
  const write = (more: string): void => void (text += more)
  const failure = await outputReport(report, wanted, { cwd, stdout: { write, color, width: columns } })
  if (failure !== undefined) return undefined
  const paths = wanted.files ? OUTPUTS.map(({ file }) => path.join(reportDir, file)) : []
  const files = paths.flatMap((file) => sealOf(file) ?? [])
  return files.length === paths.length ? { exitCode: report.run.exitCode, text, files } : undefined
}
