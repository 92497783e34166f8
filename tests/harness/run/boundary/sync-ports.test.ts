import { fault, type FaultDraft, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

type Read = (key: string) => unknown

/** Reads once, and once more when that throws. No promise anywhere. */
const readTwice = (read: Read): unknown => {
  try {
    return read('a')
  } catch (error) {
    return { second: read('b'), first: (error as Error | undefined)?.message ?? String(error) }
  }
}

const reads = (text: string, options: { sync?: boolean } = { sync: true }) =>
  scenario('reads')
    .subject((_: unknown, ports: Ports) => readTwice(ports.fn('read', (key: string) => `<${key}>`, options)))
    .input(null)
    .on('fn:read', text)

test.for([
  ['reject(ECONNRESET)', { second: '<b>', first: 'read ECONNRESET' }],
  ['throw("boom")', { second: '<b>', first: 'boom' }],
  ['value(undefined)', { second: '<b>', first: 'undefined' }],
  ['lose(reset)', { second: '<b>', first: 'read ECONNRESET' }],
  ['return({"id":7})', { id: 7 }],
  ['shape([])', []],
  ['huge(3B)', 'xxx'],
] as const)('%s at a function that gives no promise throws or answers at once', async ([text, output]) => {
  const verdict = await runScenario(reads(`1*${text} -> off`).expect({ output }))
  expect(verdict.problems).toEqual([])
})

test.for(['delay(5)', 'hang', 'late(5)', 'lateReject(5)', 'lose(hang)', 'reject @5'])(
  '%s cannot act on a function that gives no promise, which is said at its first call',
  async (text) => {
    const { problems } = await runScenario(reads(`1*${text} -> off`))
    expect(problems).toMatchObject([{ code: 'E_SYNC_PORT', at: ['faults', 'fn:read'] }])
    expect(problems[0]?.message).toMatch(
      /^`.+` cannot act on fn:read \(call 1\): the function returns no promise, so nothing can wait\. Use `throw`, `reject`, `lose\(reset\)`, `return`, `shape`, `value` or `huge`, without /,
    )
  },
)

test('a function that gave no promise is known to give none, and its fault throws', async () => {
  const twice = (_: unknown, ports: Ports): unknown => {
    const read = ports.fn('read', (key: string) => key)
    read('a')
    return readTwice(read)
  }
  const learnt = scenario('learnt').subject(twice).input(null).on('fn:read#2', fault.reject('EIO'))
  const verdict = await runScenario(learnt.expect({ output: { second: 'b', first: 'EIO: i/o error' } }))
  expect(verdict.problems).toEqual([])
})

test('what is learnt only later runs the scenario again, with nothing left of the first time', async () => {
  let runs = 0
  const subject = (_: unknown, ports: Ports): unknown => {
    runs++
    const read = ports.fn('read', (key: string) => key)
    try {
      read('a')
    } catch {
      return 'caught'
    }
    return read('b')
  }
  const later = scenario('later').subject(subject).input(null).on('fn:read', '1*reject(EIO) -> off')
  const verdict = await runScenario(later.expect({ output: 'caught', calls: { 'fn:read': 1 } }), {
    replay: false,
  })
  expect(verdict.problems).toEqual([])
  expect(runs).toBe(2)
})

test('a fault that nobody could have waited for says how to say that the function gives no promise', async () => {
  const careless = scenario('careless')
    .subject((_: unknown, ports: Ports) => `${ports.fn('read', (key: string) => key)('a')}`)
    .input(null)
    .on('fn:read', fault.return({ id: 7 }))
  const { problems } = await runScenario(careless)
  expect(problems).toMatchObject([{ code: 'E_VACUOUS' }])
  expect(problems[0]?.message).toContain(
    'If the function gives no promise, say so: ports.fn(name, fn, { sync: true }).',
  )
})

test.for<[string, (draft: FaultDraft) => unknown]>([
  ['an async function', async () => 'later'],
  ['a function that is said to give promises', () => 'at once'],
])('the faults of %s are promises', async ([name, real]) => {
  const options = name.startsWith('an async') ? {} : { sync: false }
  const subject = async (_: unknown, ports: Ports): Promise<string> => {
    const read = ports.fn('read', real as () => unknown, options)
    await read()
    const answer = read()
    return answer instanceof Promise ? await answer.then(String, () => 'rejected') : 'no promise'
  }
  const asked = scenario('asked').subject(subject).input(null).on('fn:read#2', fault.reject('EIO'))
  expect((await runScenario(asked.expect({ output: 'rejected' }))).problems).toEqual([])
})
