import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

interface Page {
  readonly items: readonly number[]
  readonly next: string | null
}

/** The service's side. */
function pageAt(cursor: string): Page {
  if (cursor === '') return { items: [1, 2], next: 'b' }
  return cursor === 'b' ? { items: [3, 4], next: 'c' } : { items: [5], next: null }
}

/** Reads a list page by page. A page that fails is asked for again; what was read stays read. */
export async function readAll(_: null, ports: Ports): Promise<readonly number[]> {
  const readPage = ports.fn('page', async (cursor: string) => pageAt(cursor))
  const items: number[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await retrying(readPage, cursor)
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

async function retrying(readPage: (cursor: string) => Promise<Page>, cursor: string): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readPage(cursor)
    } catch (error) {
      if (attempt === 3) throw error
      await sleep(100 * attempt)
    }
  }
}
