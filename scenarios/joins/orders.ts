import { all, createEngine, join, memoryAudit, pipeline, quorum, step } from 'shakedown'
import type { Ports } from 'shakedown/harness'

interface Part {
  readonly order: string
  readonly kind: string
}

interface Shop {
  readonly parts: readonly Part[]
  /** How many parts an order needs; all three when left out. */
  readonly need?: number
  /** How long an order waits for them, in milliseconds. */
  readonly patienceMs?: number
  /** How long it takes until the next part comes. */
  readonly everyMs?: number
}

/** A shop whose parts of orders come one after the other; what belongs together is shipped together. */
export async function shop({ parts, need, patienceMs, everyMs = 0 }: Shop, ports: Ports): Promise<object> {
  const weigh = ports.fn('weigh', (part: Part): Promise<Part> => Promise.resolve(part))
  const policy = need === undefined ? all({ timeoutMs: patienceMs }) : quorum(need, { timeoutMs: patienceMs })
  const orders = pipeline(
    'orders',
    step('weigh', (part: Part) => weigh(part)),
    join('meet', {
      key: (part: Part) => part.order,
      branch: (part) => part.kind,
      branches: ['bill', 'parcel', 'note'],
      policy,
    }),
    step('ship', (whole) => Object.keys(whole).join('+')),
  )
  async function* queue(): AsyncGenerator<Part> {
    for (const part of parts) {
      yield part
      if (everyMs > 0) await ports.clock.sleep(everyMs)
    }
  }
  const audit = memoryAudit()
  const engine = createEngine({ world: ports.world, audit })
  const { runId, items, joins } = await engine.runAll(orders, queue(), {
    key: ({ order, kind }) => `${order}/${kind}`,
    concurrency: 2,
  })
  const recorded = audit.trail(runId)?.joinRows ?? []
  return {
    items: Object.fromEntries(items.map(({ item, result }) => [item, result.output ?? result.feedback])),
    joins: joins.map(({ merged, failed, reasons }) => ({ merged, failed, reasons })),
    recorded: recorded.map(({ item, reason, missing }) => ({ item, reason, missing })),
    accounted: audit.conservation().ok,
  }
}
