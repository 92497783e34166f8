import { ShakedownError } from '../../src/base/errors.ts'
import { JOURNAL_VERSION } from '../journal/events.ts'
import type {
  FileFinished,
  Hang,
  InFile,
  JournalEvent,
  RecordsLost,
  RemarkMade,
  RunEnded,
  RunFailed,
  RunStarted,
  SuiteFailed,
  TestFinished,
  TestStarted,
  UnhandledError,
  WarningsCounted,
  WorkerCrashed,
} from '../journal/events.ts'

/** What the journal says about one file. */
export interface FileTally extends InFile {
  readonly queuedAtMs: number
  /** When a worker took it; `undefined` when none did. */
  startedAtMs: number | undefined
  /** Tests its import declared; `undefined` when the import never came to an end. */
  collected: number | undefined
  /** By test id: a result that is written twice counts once. */
  readonly tests: Map<string, TestFinished>
  /** Tests that began and have no result, in order. */
  readonly running: Map<string, TestStarted>
  readonly suites: SuiteFailed[]
  hang: Hang | undefined
  crash: WorkerCrashed | undefined
  finished: FileFinished | undefined
  /** `--bail` left it out. */
  notRun: boolean
}

/** What the journal says about one run, or one shard of one. */
export interface RunTally {
  readonly started: RunStarted
  /** In the order they were queued. */
  readonly files: Map<string, FileTally>
  readonly warnings: WarningsCounted[]
  readonly unhandled: UnhandledError[]
  readonly crashes: WorkerCrashed[]
  /** The run as a whole would not close. */
  readonly hangs: Hang[]
  /** What deserves a look, also in files that are no test files. */
  readonly remarks: RemarkMade[]
  /** What failed and belongs to no file. */
  readonly failed: RunFailed[]
  /** What of the record itself is missing. */
  readonly lost: RecordsLost[]
  ended: RunEnded | undefined
  /** What its process ended with; `undefined` when nobody said. */
  exitCode: number | undefined
  lastAtMs: number
}

/**
 * Sorts the events of a journal by run and file; one run per `run-started`, so concatenated journals give several.
 *
 * @throws ShakedownError `E_JOURNAL` for a journal without a single event
 */
export function tally(events: Iterable<JournalEvent>): readonly [RunTally, ...RunTally[]] {
  const runs: RunTally[] = []
  let run: RunTally | undefined
  for (const event of events) {
    // The first line can be the corrupt one; what follows is still worth a report.
    if (event.type === 'run-started' || run === undefined) runs.push((run = newRun(startOf(event))))
    take(run, event)
  }
  const [first, ...others] = runs
  if (first) return [first, ...others]
  throw new ShakedownError('E_JOURNAL', 'Expected a journal with at least one event, got an empty one.', {
    hint: 'The run was killed before it began, or the file is not a journal.',
  })
}

function newRun(started: RunStarted): RunTally {
  return {
    started,
    files: new Map(),
    warnings: [],
    unhandled: [],
    crashes: [],
    hangs: [],
    remarks: [],
    failed: [],
    lost: [],
    ended: undefined,
    exitCode: undefined,
    lastAtMs: started.atMs,
  }
}

function startOf(event: JournalEvent): RunStarted {
  if (event.type === 'run-started') return event
  return {
    type: 'run-started',
    atMs: event.atMs,
    journalVersion: JOURNAL_VERSION,
    runId: 'unknown',
    vitest: 'unknown',
    node: 'unknown',
    commit: null,
    branch: null,
    ci: null,
    shard: null,
    passWithNoTests: false,
    root: '.',
    budgets: {},
  }
}

function take(run: RunTally, event: JournalEvent): void {
  run.lastAtMs = Math.max(run.lastAtMs, event.atMs)
  switch (event.type) {
    case 'run-started':
      return
    case 'warnings':
      run.warnings.push(event)
      return
    case 'unhandled-error':
      run.unhandled.push(event)
      return
    case 'worker-crashed':
      run.crashes.push(event)
      return
    case 'hang':
      if (event.file === null) run.hangs.push(event)
      else fileOf(run, { file: event.file, ...projectOf(event) }, event.atMs).hang = event
      return
    case 'remark':
      run.remarks.push(event)
      return
    case 'run-failed':
      run.failed.push(event)
      return
    case 'records-lost':
      run.lost.push(event)
      return
    case 'run-ended':
      run.ended = event
      return
    case 'exit-code':
      run.exitCode = event.exitCode
      return
    default:
      takeInFile(fileOf(run, event, event.atMs), event)
  }
}

type FileEvent = Exclude<Extract<JournalEvent, InFile>, RemarkMade>

function takeInFile(file: FileTally, event: FileEvent): void {
  switch (event.type) {
    case 'file-queued':
      return
    case 'file-started':
      file.startedAtMs = event.atMs
      return
    case 'file-collected':
      file.collected = event.tests
      return
    case 'test-started':
      // On a busy machine Vitest reports what began and what ended in one go, and not always in that order.
      if (!file.tests.has(event.id)) file.running.set(event.id, event)
      return
    case 'test-finished':
      file.running.delete(event.id)
      file.tests.set(event.id, event)
      return
    case 'suite-failed':
      file.suites.push(event)
      return
    case 'file-finished':
      file.finished = event
  }
}

function fileOf(run: RunTally, where: InFile, atMs: number): FileTally {
  const key = `${where.project ?? ''}\n${where.file}`
  const known = run.files.get(key)
  if (known) return known
  const file: FileTally = {
    file: where.file,
    ...projectOf(where),
    queuedAtMs: atMs,
    startedAtMs: undefined,
    collected: undefined,
    tests: new Map(),
    running: new Map(),
    suites: [],
    hang: undefined,
    crash: undefined,
    finished: undefined,
    notRun: false,
  }
  run.files.set(key, file)
  return file
}

/** The project to copy into something else that is told of a file; nothing when it has none. */
export function projectOf({ project }: { readonly project?: string }): { readonly project?: string } {
  return project === undefined ? {} : { project }
}
