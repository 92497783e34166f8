import { createRegistry, functionAdapter, route } from 'shakedown'

interface Task {
  readonly prompt: string
  readonly type?: string
  readonly requires?: readonly string[]
}

const system = (name: string, capabilities: readonly string[]) =>
  functionAdapter(name, async ({ prompt }: Task) => ({ text: prompt, by: name }), {
    capabilities,
    health: async () => true,
  })

const prefect = system('prefect', ['flows'])
const agno = system('agno', ['flows', 'agents'])
const llamaindex = system('llamaindex', ['flows', 'agents', 'search'])
const all = [prefect, agno, llamaindex]

/** Three attempts at each of three systems. */
export const ask = route('ask', { adapters: all, orders: { ai_task: ['agno', 'llamaindex', 'prefect'] } })

/** The same, and no attempt may take longer than a second. */
export const askInTime = route('ask in time', { adapters: all, timeoutMs: 1_000 })

/** A system that fails twice in a row is left alone for a second. */
export const askCarefully = route('ask carefully', {
  adapters: all,
  breaker: { failuresMax: 2, coolDownMs: 1_000 },
})

/** No system is asked that says it is not well. */
export const askTheHealthy = route('ask the healthy', {
  adapters: createRegistry(all, { health: { timeoutMs: 200 } }),
})
