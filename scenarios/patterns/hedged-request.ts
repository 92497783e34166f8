import type { Ports } from 'shakedown/harness'

/** How long the first replica has before a second one is asked, in milliseconds: a little above the usual answer. */
const HEDGE_MS = 50

/** Asks one replica and, if it is slow, another one. The first answer wins; the other request is given up. */
export async function askReplicas(key: string, ports: Ports): Promise<string> {
  const ask = ports.fn('ask', async (replica: string, _: { signal: AbortSignal }) => `${key} from ${replica}`)
  const settled = new AbortController()
  const { signal } = settled
  let hedge: NodeJS.Timeout | undefined
  const second = new Promise<string>((resolve, reject) => {
    hedge = setTimeout(() => void ask('b', { signal }).then(resolve, reject), HEDGE_MS)
  })
  try {
    return await Promise.any([ask('a', { signal }), second])
  } finally {
    clearTimeout(hedge)
    settled.abort()
  }
}
