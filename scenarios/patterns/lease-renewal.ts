import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

const LEASE_MS = 10_000
const RENEW_EVERY_MS = 2_500
/** How much slower our clock may go than that of the lock service. */
const DRIFT = 0.1

/**
 * Works while it holds a lease. The lock service counts from when it got the request, which may be when we sent it: so
 * do we, and with a clock that may be slow. The answer only says that the request was granted.
 */
export async function workUnderLease(workMs: number, ports: Ports): Promise<string> {
  const renew = ports.fn('renew', async () => true)
  const work = ports.fn('work', async () => {})
  const safeMs = LEASE_MS * (1 - DRIFT)
  let heldUntilMs = 0
  const renewing = async (): Promise<void> => {
    const askedAtMs = performance.now()
    if (await renew()) heldUntilMs = Math.max(heldUntilMs, askedAtMs + safeMs)
  }
  await renewing()
  let renewedAtMs = performance.now()
  for (const beganAtMs = performance.now(); performance.now() - beganAtMs < workMs;) {
    if (performance.now() >= heldUntilMs) return 'stopped: the lease is not ours any more'
    if (performance.now() - renewedAtMs >= RENEW_EVERY_MS) {
      renewedAtMs = performance.now()
      renewing().catch(() => {})
    }
    await work()
    await sleep(500)
  }
  return 'done'
}
