import type { Ports } from 'shakedown/harness'

interface Message {
  readonly id: string
  readonly text: string
}

/** Written as one: an order and what is to be said of it are both there or neither is. */
interface Disk {
  readonly taken: readonly string[]
  readonly outbox: readonly Message[]
}

/**
 * Takes orders and announces each one. The process may die at any moment and is then started again with what was written: no
 * order that was taken stays unannounced, and none is announced that was not taken.
 */
export async function takeOrders(orders: readonly string[], ports: Ports): Promise<unknown> {
  const commit = ports.fn('commit', (disk: Disk) => ports.store.set('disk', disk))
  const publish = ports.fn('publish', (message: Message) => receive(ports, message))
  let disk = ((await ports.store.get('disk')) ?? { taken: [], outbox: [] }) as Disk
  const relay = async (): Promise<void> => {
    for (const message of disk.outbox) {
      await publish(message)
      disk = announced(disk, message)
      await commit(disk)
    }
  }
  await relay()
  for (const order of orders.filter((each) => !disk.taken.includes(each))) {
    disk = taken(disk, order)
    await commit(disk)
    await relay()
  }
  return { taken: disk.taken, announced: await ports.store.get('received') }
}

function taken(disk: Disk, order: string): Disk {
  const message = { id: `order-${order}`, text: `${order} was taken` }
  return { taken: [...disk.taken, order], outbox: [...disk.outbox, message] }
}

function announced(disk: Disk, { id }: Message): Disk {
  return { ...disk, outbox: disk.outbox.filter((message) => message.id !== id) }
}

/** The other side, on a machine of its own: the id makes a second delivery harmless. */
async function receive({ store }: Ports, { id, text }: Message): Promise<void> {
  const received = (await store.get('received')) as Record<string, string> | undefined
  await store.set('received', { ...received, [id]: text })
}
