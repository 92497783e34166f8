import type { EventSource } from '../../scenario/ports.ts'
import type { OwnEvents } from './port-events.ts'

/** Feeds a connection from something real, and closes that with it. */
export function listenTo<T>(source: EventSource<T>, events: OwnEvents<T>): void {
  if (Symbol.asyncIterator in source) {
    void pump(source, events)
    return
  }
  events.onClosedHere = () => source.close?.()
  if ('addEventListener' in source) {
    source.addEventListener('open', () => events.opened())
    source.addEventListener('message', (event) => receive(events, (event as MessageEvent).data as T))
    source.addEventListener('error', (event) => events.failed((event as { error?: unknown }).error ?? event))
    source.addEventListener('close', (event) => events.ended((event as { code?: number }).code))
    return
  }
  source.on('open', () => events.opened())
  source.on('message', (message: T) => receive(events, message))
  source.on('error', (error: unknown) => events.failed(error))
  source.on('close', (code?: number) => events.ended(typeof code === 'number' ? code : undefined))
}

/** What sends without ever saying that it is open is. */
function receive<T>(events: OwnEvents<T>, message: T): void {
  events.opened()
  events.arrived(message)
}

async function pump<T>(source: AsyncIterable<T>, events: OwnEvents<T>): Promise<void> {
  const iterator = source[Symbol.asyncIterator]()
  events.onClosedHere = () => void iterator.return?.()
  events.opened()
  try {
    for (;;) {
      const next = await iterator.next()
      if (next.done === true) break
      events.arrived(next.value)
    }
    events.ended()
  } catch (error) {
    events.failed(error)
  }
}
