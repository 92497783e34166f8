import { type Expectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

type Call = () => Promise<unknown>

async function remarksOn(
  use: (save: Call, backup: Call, slow: Call) => Promise<unknown>,
  expectation: Expectation = { status: 'completed' },
): Promise<readonly string[]> {
  const subject = (_: unknown, ports: Ports): Promise<unknown> =>
    use(
      ports.fn('save', async () => 'saved'),
      ports.fn('backup', async () => 'kept'),
      ports.fn('slow', async () => 'slow'),
    )
  const { problems, remarks } = await runScenario(
    scenario('saves')
      .subject(subject)
      .input(null)
      .on('fn:save', fault.times(1).reject('ECONNRESET').next.off())
      .on('fn:slow', 'reject(ECONNRESET)@50')
      .expect(expectation),
  )
  expect(problems.filter(({ code }) => code !== 'E_VACUOUS')).toEqual([])
  for (const { at, message } of remarks) {
    expect(at).toEqual(['faults', 'fn:save'])
    expect(message).toBe(
      'Every fault was swallowed: the subject completed after the failure of fn:save and called nothing more. ' +
        'If it has an answer without that call, expect it: `output`.',
    )
  }
  return remarks.map(({ code }) => code)
}

const empty = async (save: Call): Promise<string> => {
  await save().catch(() => {})
  return 'done'
}

test('a subject that completes and shows no reaction to any fault is remarked', async () => {
  expect(await remarksOn(empty)).toEqual(['E_SWALLOWED'])
})

test('one that tries again or calls another is not, nor is one whose output is expected', async () => {
  expect(await remarksOn((save) => save().catch(() => save()))).toEqual([])
  expect(await remarksOn((save, backup) => save().catch(() => backup()))).toEqual([])
  expect(await remarksOn(empty, { output: 'done' })).toEqual([])
})

test('faults of calls made together are swallowed as well: what began before they failed is no reaction', async () => {
  const together = async (save: Call, backup: Call): Promise<void> => {
    await Promise.allSettled([save(), backup()])
  }
  expect(await remarksOn(together)).toEqual(['E_SWALLOWED'])
})

test('a reaction to the failure that came first is one, though a call made before it fails later', async () => {
  const hedged = async (save: Call, backup: Call, slow: Call): Promise<void> => {
    const late = slow().catch(() => {})
    await save().catch(() => backup())
    await late
  }
  expect(await remarksOn(hedged)).toEqual([])
})

test('a call that fails after the end was no reason to react: its timeout was, and the next attempt', async () => {
  const impatient = async (_: unknown, ports: Ports): Promise<string> => {
    const save = ports.fn('save', async () => 'saved')
    const late = ports.clock.sleep(1_000).then(() => Promise.reject(new Error('too late')))
    return Promise.race([save(), late]).catch(() => save())
  }
  const { problems, remarks } = await runScenario(
    scenario('saves')
      .subject(impatient)
      .on('fn:save', 'lateReject(5s) -> off')
      .expect({ status: 'completed' }),
  )
  expect({ problems, remarks }).toEqual({ problems: [], remarks: [] })
})
