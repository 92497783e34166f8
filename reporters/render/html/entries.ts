import { checkText, comparedBy, comparedIn, shownErrors } from '../../text/comparison.ts'
import {
  ASYNC_ERROR_WORDS,
  checksFailed,
  duration,
  FAILURE_WORD,
  flakyWords,
  furtherFrames,
  inPhase,
  nextCommand,
  timedOutThing,
} from '../../text/words.ts'
import type { ShownChecks } from '../../text/comparison.ts'
import type { ErrorInfo, SourceLocation } from '../../report/error-info.ts'
import type { AsyncError, Failure, FlakyTest, Timeout } from '../../report/model.ts'
import type { EntryView, ErrorView, Tone } from './page-view.ts'

/** Entries that are unfolded from the start: a screen or two. */
const OPEN_MAX = 10

const FAILURE_TONE: Readonly<Record<Failure['status'], Tone>> = {
  failed: 'failed',
  timeout: 'timeout',
  crashed: 'lost',
  lost: 'lost',
}

export function failureEntry(failure: Failure, index: number, reportDir?: string): EntryView {
  const { file, project, test, status, phase, durationMs, retries, error } = failure
  return {
    tone: FAILURE_TONE[status],
    badge: FAILURE_WORD[status],
    file,
    test: test ?? '',
    facts: present([
      durationMs > 0 ? duration(durationMs) : '',
      inPhase(phase),
      retries > 0 ? `${retries + 1} attempts` : '',
      inProject(project),
    ]),
    place: place(error.location),
    errors: shownErrors(failure).map((shown, at) => {
      const where = at === 0 ? '' : place(shown.error.location)
      return shown.kind === 'checks' ? checksView(shown) : errorView(shown.error, where)
    }),
    next: nextCommand(failure, reportDir),
    open: index < OPEN_MAX,
  }
}

export function timeoutEntry(timeout: Timeout): EntryView {
  const { file, project, test, limitMs, elapsedMs, location, stack, resources } = timeout
  const message = `The ${timedOutThing(timeout)} had ${duration(limitMs)} and ran ${duration(elapsedMs)}.`
  return {
    tone: 'timeout',
    badge: 'TIMEOUT',
    file: file === '' ? 'The run would not end' : file,
    test: test ?? '',
    facts: present([
      `${timedOutThing(timeout)} limit ${duration(limitMs)}`,
      resources ? `open: ${resources.join(', ')}` : '',
      inProject(project),
    ]),
    place: place(location ?? null),
    errors: [{ ...NO_ERROR, message, stack: stack ?? '' }],
    next: '',
    open: false,
  }
}

export function asyncErrorEntry(entry: AsyncError): EntryView {
  const { file, project, test, kind, confidence, during, error } = entry
  return {
    tone: 'failed',
    badge: 'ASYNC',
    file: file ?? 'unknown file',
    test: test ?? '',
    facts: present([
      ASYNC_ERROR_WORDS[kind],
      test === undefined ? '' : confidence,
      during === undefined ? '' : `while “${during}” ran, which may not be its cause`,
      inProject(project),
    ]),
    place: place(error.location),
    errors: [errorView(error)],
    next: '',
    open: true,
  }
}

export function flakyEntry({ file, project, test, retries, error }: FlakyTest): EntryView {
  return {
    tone: 'warned',
    badge: 'FLAKY',
    file,
    test,
    facts: present([flakyWords({ retries }), inProject(project)]),
    place: place(error?.location ?? null),
    errors: error ? [errorView(error)] : [],
    next: '',
    open: false,
  }
}

const NO_ERROR: ErrorView = {
  name: '',
  message: '',
  checks: [],
  diff: [],
  causes: [],
  place: '',
  codeFrame: '',
  stack: '',
}

/** The checks of a scenario, each with the key that it is about. */
function checksView({ checks, error: { diff } }: ShownChecks): ErrorView {
  return {
    ...NO_ERROR,
    message: checks.length > 1 ? `${checksFailed(checks.length)}.` : '',
    checks: checks.map((check) => ({
      ...(comparedBy(check) ?? { expected: '', received: '' }),
      text: checkText(check),
      place: place(check.location),
    })),
    diff: diff === null || comparedIn(diff) !== undefined ? [] : diffBlocks(diff),
  }
}

/** @param where for a further error, whose place is not among the facts */
function errorView(error: ErrorInfo, where = ''): ErrorView {
  const compared = comparedIn(error.diff)
  return {
    name: error.name === 'Error' || error.message === '' ? '' : error.name,
    message: error.message || error.name,
    checks: compared === undefined ? [] : [{ ...compared, text: '', place: '' }],
    diff: error.diff === null || compared !== undefined ? [] : diffBlocks(error.diff),
    causes: error.causes.map((cause) => ({
      text: `${cause.name}: ${cause.message}`,
      place: place(cause.location),
      codeFrame: cause.codeFrame ?? '',
    })),
    place: where,
    codeFrame: error.codeFrame ?? '',
    stack: furtherFrames(error.stack),
  }
}

/** Neighbouring lines of one sign are one block: a page with thousands of diffs has a tenth of the elements. */
function diffBlocks(diff: string): ErrorView['diff'] {
  const blocks: { sign: 'removed' | 'added' | 'same'; text: string }[] = []
  for (const line of diff.split('\n')) {
    const sign = line.startsWith('-') ? 'removed' : line.startsWith('+') ? 'added' : 'same'
    const last = blocks.at(-1)
    if (last?.sign === sign) last.text += `\n${line}`
    else blocks.push({ sign, text: line })
  }
  return blocks
}

function inProject(project: string | undefined): string {
  return project === undefined ? '' : `project ${project}`
}

function place(location: SourceLocation | null): string {
  return location ? `${location.file}:${location.line}:${location.column}` : ''
}

function present(facts: readonly string[]): string[] {
  return facts.filter((fact) => fact !== '')
}
