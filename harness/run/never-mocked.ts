import { EXECUTOR_MOCKED } from '../../reporters/report/scenarios.ts'
import { looksLikeNode } from '../../src/nodes/node.ts'
import type { Executor } from './execution.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Problem } from '../scenario/verdict.ts'

/**
 * The no-mock guard. A test that replaced its executor once ran green for months while the code it was about never
 * executed; here such a scenario fails before it runs.
 *
 * @returns what is mocked, or `undefined` when the real thing would run
 */
export function mockedExecutor(scenario: Scenario, executor: Executor): Problem | undefined {
  if (!isGenuine(executor)) {
    return problem('createEngine() gives something that is no engine: a mocked module, a spy or a proxy')
  }
  const { subject } = scenario
  if (subject.kind === 'function') {
    const spy = spyKind(subject.run)
    return spy === undefined ? undefined : problem(`the subject function is a ${spy} spy`)
  }
  if (executor.isNode(subject.node)) return undefined
  return problem(
    looksLikeNode(subject.node)
      ? 'the subject is a copy of a pipeline node with something replaced'
      : 'the subject is neither a function nor a pipeline',
  )
}

/** Executors that have been looked at; they do not change. */
const vetted = new WeakMap<Executor, boolean>()

function isGenuine(executor: Executor): boolean {
  let genuine = vetted.get(executor)
  if (genuine === undefined) {
    genuine = executor.isGenuineEngine(executor.createEngine())
    vetted.set(executor, genuine)
  }
  return genuine
}

/** Which library's spy a function is; reading its marks must not run it. */
function spyKind(run: object): string | undefined {
  const marks = run as { _isMockFunction?: unknown; isSinonProxy?: unknown; mock?: { calls?: unknown } }
  if (marks._isMockFunction === true) return 'vi.fn / jest.fn'
  if (marks.isSinonProxy === true) return 'sinon'
  if (Array.isArray(marks.mock?.calls)) return 'node:test'
  return undefined
}

function problem(what: string): Problem {
  return {
    code: EXECUTOR_MOCKED,
    message:
      `Expected the real executor to run, but ${what}. A mocked executor proves nothing about recovery. ` +
      'Give the scenario the real subject and script the failure at its boundary instead, e.g. faults: { "step:draft": "reject(ECONNRESET)" }.',
    at: ['subject'],
  }
}
