import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { LIMITS, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

let runs = 0
const remembering = async (_: unknown, ports: Ports): Promise<void> => {
  await ports.clock.sleep(++runs)
  await ports.fn('call', async () => 1)()
}

test('a function that is not repeatable gets a remark with the likely cause, and a problem only where it was asked for', async () => {
  const built = scenario('remembers').subject(remembering).timers('ports')
  const verdict = await runScenario(built)
  expect(verdict.problems).toEqual([])
  expect(verdict.remarks).toMatchObject([
    {
      code: 'E_NOT_REPEATABLE',
      message: expect.stringMatching(/state that is kept in the module.*ports\.random/),
    },
  ])
  const asked = await runScenario(built.repeatable())
  expect(asked.problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'same-digest' }])
  expect(asked.remarks).toEqual([])
})

const beating = async (_: unknown, ports: Ports): Promise<void> => {
  const call = ports.fn('call', async () => 1)
  for (let beats = 0; beats < 12_000; beats++) await ports.clock.sleep(50)
  await call()
}

test('a heartbeat of 50 ms under a limit of 600 s meets no default limit, and its own where it says so', async () => {
  const built = scenario('beats').subject(beating).timers('ports')
  expect((await runScenario(built, { replay: false })).problems).toEqual([])
  const [jumps] = (await runScenario(built.limits({ jumps: 100 }), { replay: false })).problems
  expect(jumps).toMatchObject({ code: 'E_LIVELOCK', message: expect.stringContaining('`limits.jumps`') })
  const [late] = (await runScenario(built.limits({ virtualMs: 1_000 }), { replay: false })).problems
  expect(late).toMatchObject({ code: 'E_LIVELOCK', message: expect.stringContaining('`limits.virtualMs`') })
})

test('calls beyond the limit of the scenario are a runaway', async () => {
  const calling = async (_: unknown, ports: Ports): Promise<void> => {
    const call = ports.fn('call', async () => 1)
    for (let calls = 0; calls < 20; calls++) await call()
  }
  const built = scenario('calls').subject(calling)
  expect((await runScenario(built)).problems).toEqual([])
  const [problem] = (await runScenario(built.limits({ calls: 10 }))).problems
  expect(problem).toMatchObject({ code: 'E_RUNAWAY', message: expect.stringContaining('10 times') })
})

test(
  'a stall beside an open connection is told before Vitest ends the test',
  { timeout: 5_000 },
  async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connection = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(connection, 'connect')
    const waits = scenario('waits').subject((_: unknown, ports: Ports) => {
      ports.fn('call', () => 1)()
      return new Promise(() => {})
    })
    // It is told by then; Vitest itself ends this test where it is not.
    expect(LIMITS.realMs).toBeLessThan(5_000)
    const { problems } = await runScenario(waits)
    connection.destroy()
    server.close()
    expect(problems).toMatchObject([{ code: 'E_STALL' }])
  },
)

test('real work may take as long as whoever runs the scenario allows', async () => {
  const slow = scenario('slow')
    .subject((_: unknown, ports: Ports) =>
      ports.fn('call', () => new Promise((resolve) => void setTimeout(resolve, 120, 'done')), { io: true })(),
    )
    .timers('ports')
  expect(await runScenario(slow, { watchdogMs: 20 })).toMatchObject({ problems: [{ code: 'E_STALL' }] })
  expect(await runScenario(slow, { watchdogMs: LIMITS.realMs * 2 })).toMatchObject({
    output: 'done',
    problems: [],
  })
})
