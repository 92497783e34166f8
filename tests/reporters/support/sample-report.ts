import { buildReport } from '../../../reporters/analyse/build-report.ts'
import {
  anError,
  fileFinished,
  runEnded,
  runStarted,
  START_MS,
  startedFile,
  suiteFailed,
  testFinished,
  wholeFile,
} from './events.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import type { ScenarioItem } from '../../../reporters/report/scenarios.ts'

/**
 * A report with at least one entry in every section it can have today. Given a `text`, that stands wherever a test
 * could have put one: names, messages, paths, diffs, reasons.
 */
export function sampleReport(text = ''): RunReport {
  return buildReport(sampleEvents(text))
}

function sampleEvents(text: string): JournalEvent[] {
  return [
    runStarted({
      budgets: { warnings: 500, timeouts: 3 },
      branch: `main${text}`,
      ci: { name: `GitHub Actions${text}`, pullRequest: true },
    }),
    ...failingFile(text),
    ...wholeFile(`tests/orders.test.ts${text}`, passingTests(text)),
    ...wholeFile(`scenarios/fallback/both-fail.scenario.yaml${text}`, scenarioTests(text)),
    ...brokenFiles(text),
    warnings(text),
    {
      type: 'unhandled-error',
      atMs: START_MS + 500,
      kind: 'unhandledRejection',
      confidence: 'file',
      file: `tests/orders.test.ts${text}`,
      during: `takes an order${text}`,
      error: anError(`nobody waits for me${text}`, { location: at(`src/queue.ts${text}`, 17) }),
    },
    {
      type: 'worker-crashed',
      atMs: START_MS + 500,
      file: `tests/crash.test.ts${text}`,
      error: anError(`Worker died${text}`),
    },
    runEnded('failed', START_MS + 4_310),
  ]
}

function failingFile(text: string): JournalEvent[] {
  const file = `tests/checkout/cart.test.ts${text}`
  const error = anError(`expected { lines: 2, total: 30 } to deeply equal { lines: 2, total: 31 }${text}`, {
    name: `AssertionError${text}`,
    diff: `- Expected\n+ Received\n\n  {\n    "lines": 2,\n-   "total": 31,\n+   "total": 30,${text}\n  }`,
    stack: `at total (src/cart.ts${text}:31:9)\nat ${file}:12:5`,
    location: at(`src/cart.ts${text}`, 31),
    causes: [{ name: `Error${text}`, message: `connection reset${text}`, location: at('src/http.ts', 8) }],
  })
  const timedOut = anError(
    'Test timed out in 5000ms.\nIf this is a long-running test, pass a timeout value.',
    {
      location: at(file, 40),
    },
  )
  return wholeFile(
    file,
    [
      testFinished(file, `cart > sums its lines${text}`, 'failed', {
        errors: [error, anError(`and again${text}`)],
        durationMs: 12.4,
        retries: 1,
      }),
      testFinished(file, `cart > waits for stock${text}`, 'failed', {
        errors: [timedOut],
        durationMs: 5_003,
      }),
      testFinished(file, `cart > with a server > lists${text}`, 'skipped'),
      suiteFailed(file, 'cart > with a server'),
    ],
    { status: 'failed' },
  )
}

function passingTests(text: string): JournalEvent[] {
  const file = `tests/orders.test.ts${text}`
  return [
    testFinished(file, `takes an order${text}`, 'passed', { durationMs: 842 }),
    testFinished(file, 'sends a receipt', 'passed', {
      retries: 1,
      errors: [anError(`smtp not ready${text}`)],
    }),
    testFinished(file, 'needs docker', 'skipped', { reason: `docker is not running${text}` }),
    testFinished(file, 'refunds', 'todo'),
    testFinished(file, 'cancels', 'deselected', { reason: `-t /order/${text}` }),
  ]
}

function problemsOf(text: string): ScenarioItem['problems'] {
  const comparison = {
    what: `calls.fn:send${text}`,
    expected: `3${text}`,
    received: `2${text}`,
    detail: `Reached: fn:save${text}`,
  }
  const location = at(`scenarios/fallback/both-fail.scenario.yaml${text}`, 7)
  return [
    { code: 'E_VACUOUS', oracle: 'vacuity', message: `a fault never fired${text}`, location: null },
    { code: 'E_EXPECT', oracle: null, message: `Expected calls${text}`, location, comparison },
  ]
}

function scenarioTests(text: string): JournalEvent[] {
  const file = `scenarios/fallback/both-fail.scenario.yaml${text}`
  const item = (name: string, status: ScenarioItem['status']): ScenarioItem => ({
    file,
    name,
    status,
    virtualMs: 300,
    wallMs: 0.4,
    attempts: 3,
    faultsFired: status === 'vacuous' ? 0 : 2,
    runIds: ['run-1'],
    digest: 'a3f1',
    problems: status === 'passed' ? [] : problemsOf(text),
    subjectError:
      status === 'passed'
        ? null
        : anError(`no stock${text}`, {
            location: at(`src/orders.ts${text}`, 4),
            codeFrame: `> 4 |   throw new Error('no stock')${text}\n    |         ^`,
            causes: [{ name: 'Error', message: `shelf is empty${text}`, location: null }],
          }),
    remarks: [
      {
        code: 'E_ANY_ERROR',
        message: `it says nothing about the error${text}`,
        location: at(`scenarios/fallback/both-fail.scenario.yaml${text}`, 5),
      },
    ],
  })
  return [
    testFinished(file, `both errors survive${text}`, 'passed', {
      scenario: item(`both errors survive${text}`, 'passed'),
    }),
    testFinished(file, 'proves nothing', 'failed', {
      errors: [
        anError('the fault at step:backup never fired', { name: 'ScenarioFailure', location: at(file, 7) }),
      ],
      scenario: item('proves nothing', 'vacuous'),
    }),
  ]
}

function brokenFiles(text: string): JournalEvent[] {
  return [
    ...wholeFile(`tests/import.test.ts${text}`, [], {
      status: 'failed',
      errors: [anError(`no such module${text}`)],
    }),
    ...startedFile(`tests/crash.test.ts${text}`, 3),
    {
      type: 'test-started',
      atMs: START_MS,
      file: `tests/crash.test.ts${text}`,
      id: '1',
      test: `allocates${text}`,
    },
    ...startedFile(`tests/lost.test.ts${text}`, 2),
    ...startedFile(`tests/hang.test.ts${text}`, 2),
    {
      type: 'hang',
      atMs: START_MS + 900,
      kind: 'file',
      file: `tests/hang.test.ts${text}`,
      test: `spins${text}`,
      phase: 'test',
      limitMs: 120_000,
      elapsedMs: 120_400,
      location: at(`tests/hang.test.ts${text}`, 5),
      stack: `at spin (tests/hang.test.ts${text}:5:3)\nat run (tests/hang.test.ts:9:1)`,
      resources: [`Timeout${text}`, 'TCPSocketWrap'],
    },
    fileFinished(`tests/empty.test.ts${text}`, {
      status: 'failed',
      errors: [anError(`No test suite found${text}`)],
    }),
  ]
}

function warnings(text: string): JournalEvent {
  return {
    type: 'warnings',
    atMs: START_MS + 300,
    file: `tests/orders.test.ts${text}`,
    count: 3_042,
    fingerprints: [
      {
        fingerprint: `retry # took # ms${text}`,
        count: 3_000,
        sample: `retry 0 took 0 ms${text}`,
        location: null,
      },
      { fingerprint: 'deprecated', count: 1, sample: `deprecated:\n  use b${text}`, location: null },
    ],
    overflow: 41,
  }
}

function at(file: string, line: number): { file: string; line: number; column: number } {
  return { file, line, column: 5 }
}
