import { expect, test } from 'vitest'
import { createRedactor } from '../../../src/base/redact/redactor.ts'
import { createCleanText } from '../../../reporters/collect/clean-text.ts'
import { createProjectPaths } from '../../../reporters/collect/project-paths.ts'
import { scenarioIn } from '../../../reporters/collect/task-meta.ts'

const text = createCleanText(createProjectPaths('/app'), createRedactor())

/** The status of a scenario with problems of these codes. */
function statusOf(...codes: readonly string[]): string | undefined {
  return scenarioIn(metaWith(...codes), 'a.scenario.yaml', text)?.status
}

function metaWith(...codes: readonly string[]): { shakedown: object } {
  const problems = codes.map((code) => ({ code, oracle: null, message: 'it is wrong', location: null }))
  const measured = {
    virtualMs: 0,
    wallMs: 1,
    attempts: 0,
    faultsFired: 0,
    runIds: [],
    digest: 'a',
    remarks: [],
  }
  return { shakedown: { scenario: { name: 'n', problems, ...measured } } }
}

test('a scenario is vacuous only when vacuity is all that is wrong with it', () => {
  expect(statusOf()).toBe('passed')
  expect(statusOf('E_VACUOUS', 'E_VACUOUS')).toBe('vacuous')
  // What a subject leaves that crashes before its first call.
  expect(statusOf('E_EXPECT', 'E_VACUOUS')).toBe('failed')
  expect(statusOf('E_VACUOUS', 'E_ORACLE')).toBe('failed')
})

test('only a scenario file has scenarios: what another test writes into its meta is none', () => {
  expect(scenarioIn(metaWith(), 'a.scenario.ts', text)).toBeDefined()
  expect(scenarioIn(metaWith(), 'a.test.ts', text)).toBeUndefined()
})
