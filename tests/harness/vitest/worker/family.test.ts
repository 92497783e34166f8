import { fault, type Ports, type Scenario, scenario } from 'shakedown/harness'
import { expect, test, type TestContext } from 'vitest'
import { exportedScenarios } from '../../../../harness/vitest/worker/exported-scenarios.ts'
import { Family } from '../../../../harness/vitest/worker/family.ts'
import { parseScenarios } from '../../../../harness/scenario/file/load.ts'
import { problemsIn } from '../../scenario/file/problems-in.ts'

async function ask(input: string, ports: Ports): Promise<void> {
  ports.mark(`asked ${input}`)
  await ports.fn('ask', async () => {})()
}

const asking = (input: string, sometimes: readonly string[]): Scenario =>
  scenario(`asks ${input}`).subject(ask).input(input).on('fn:ask', fault.delay(5)).expect({ sometimes })

// Nothing of it is used.
const context = undefined as unknown as TestContext

function familyOf(...members: readonly Scenario[]): Family {
  const family = new Family()
  for (const member of members) family.add(member.spec, () => member)
  return family
}

test('a mark that one of several scenarios reaches is reached, whether or not they have run by themselves', async () => {
  const [first, second] = [asking('one', ['asked two']), asking('two', ['asked two'])]
  await expect(familyOf(first, second).test(context)).resolves.toBeUndefined()
  const family = familyOf(first)
  family.note(first.spec, new Map([['asked two', 1]]))
  await expect(family.test(context)).resolves.toBeUndefined()
})

test('one that none of them reaches fails, with what they did reach', async () => {
  const family = familyOf(asking('one', ['asked tow', 'asked one']), asking('two', ['asked tow']))
  await expect(family.test(context)).rejects.toThrow(
    'Expected the mark `asked tow` to be reached by at least one of 2 scenarios, got none. Reached: asked one (1×), asked two (1×). Did you mean `asked two`?',
  )
})

test('the scenarios of an exported list are asked together; one alone has nobody to be asked with', async () => {
  const list = [asking('one', ['asked one']), asking('two', ['asked one'])]
  const exported = exportedScenarios({ list }, '/p/x.scenario.ts')
  expect(exported.map(({ name }) => name)).toEqual(['asks one', 'asks two', 'list: sometimes asked one'])
  await expect(exported[2]?.run(context)).resolves.toBeUndefined()
  expect(() => exportedScenarios({ one: list[0] }, '/p/x.scenario.ts')).toThrow(
    'Expected "asks one" with `sometimes` to be in an exported list of scenarios, one of which reaches the mark; got it alone. Of a single scenario say `marks: { probe: { min: 1 } }`.',
  )
})

test('in a file, `sometimes` is of a table', () => {
  const text = 'name: a\nsubject: ./a.ts#a\nexpect: { sometimes: [probe] }\n'
  const parse = (written: string) => () => parseScenarios(written, '/p/a.scenario.yaml', { root: '/p' })
  expect(problemsIn(parse(text))).toEqual([
    'Expected `sometimes` in a.scenario.yaml:3:11 to be in a scenario with a table (`with`), one row of which reaches the mark. Of a single scenario say `marks: { probe: { min: 1 } }`.',
  ])
  expect(problemsIn(parse(`${text}input: '\${n}'\nwith: [{ n: 1 }, { n: 2 }]\n`))).toEqual([])
})
