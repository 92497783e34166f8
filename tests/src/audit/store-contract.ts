import { afterEach } from 'vitest'
import type { PayloadOptions } from '../../../src/audit/payload.ts'
import type { AuditStore } from '../../../src/audit/store.ts'
import { readingBack } from './contract/reading-back.ts'
import { payloads } from './contract/payloads.ts'
import { secrets } from './contract/secrets.ts'
import { forks } from './contract/forks.ts'
import { hostileValues } from './contract/hostile-values.ts'
import { secondRuns } from './contract/second-runs.ts'
import { rules } from './contract/rules.ts'
import { lists } from './contract/lists.ts'
import { copying } from './contract/copying.ts'

/** What every audit store must do. Both stores run it, so what is proved in memory holds on disk. */
export function storeContract(openStore: (options?: PayloadOptions) => AuditStore): void {
  const opened: AuditStore[] = []
  const open = (options?: PayloadOptions): AuditStore => {
    const store = openStore(options)
    opened.push(store)
    return store
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()))
  })

  readingBack(open)
  payloads(open)
  secrets(open)
  forks(open)
  rules(open)
  secondRuns(open)
  hostileValues(open)
  lists(open)
  copying(open)
}
