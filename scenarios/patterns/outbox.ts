import type { Ports } from 'shakedown/harness'

interface Message {
  readonly id: string
  readonly text: string
  sent: boolean
}

/** What is on the disk: it outlives a crash, and an order and its message are written together or not at all. */
interface Disk {
  readonly orders: string[]
  readonly outbox: Message[]
}

/** The receiving side, which keeps what it has received. */
class Queue {
  readonly received = new Map<string, string>()

  receive({ id, text }: Message): void {
    // The id makes a second delivery harmless.
    this.received.set(id, text)
  }
}

/**
 * Takes orders and announces each one. The process may crash at any moment; it is then started again with what is on the disk,
 * and no order stays unannounced, none is announced that was not taken.
 */
export async function takeOrders(orders: readonly string[], ports: Ports): Promise<unknown> {
  const disk: Disk = { orders: [], outbox: [] }
  const queue = new Queue()
  let crashes = 0
  for (;;) {
    try {
      // Nothing but the disk and the other side is handed on: all that the process knew is gone.
      await runProcess(orders, disk, queue, ports)
      return { taken: disk.orders, announced: [...queue.received.values()], crashes }
    } catch (error) {
      if (!isCrash(error) || ++crashes > 5) throw error
    }
  }
}

async function runProcess(orders: readonly string[], disk: Disk, queue: Queue, ports: Ports): Promise<void> {
  const commit = ports.fn('commit', async (order: string, message: Message) => {
    disk.orders.push(order)
    disk.outbox.push(message)
  })
  const publish = ports.fn('publish', async (message: Message) => queue.receive(message))
  const markSent = ports.fn('mark-sent', async (message: Message) => {
    message.sent = true
  })
  const relay = async (): Promise<void> => {
    for (const message of disk.outbox.filter(({ sent }) => !sent)) {
      await publish(message)
      await markSent(message)
    }
  }
  await relay()
  for (const order of orders.filter((each) => !disk.orders.includes(each))) {
    await commit(order, { id: `order-${order}`, text: `${order} was taken`, sent: false })
    await relay()
  }
}

function isCrash(error: unknown): boolean {
  return error instanceof Error && error.message === 'crash'
}
