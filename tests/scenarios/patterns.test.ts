import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseScenarios } from '../../harness/scenario/file/load.ts'
import { runScenario } from '../../harness/index.ts'
import { subjectIn } from '../../harness/scenario/subject.ts'

const PATTERNS = join(import.meta.dirname, '../../scenarios/patterns')

/** One line of a pattern that is wrong in the way people get it wrong. */
interface Slip {
  readonly pattern: string
  readonly bug: string
  readonly from: string
  readonly to: string
}

const SLIPS: readonly Slip[] = [
  {
    pattern: 'token-bucket',
    bug: 'a quiet minute is saved up for a burst',
    from: 'Math.min(this.#capacity, this.#tokens + earned)',
    to: 'this.#tokens + earned',
  },
  {
    pattern: 'hedged-request',
    bug: 'the loser runs on',
    from: '    settled.abort()\n',
    to: '',
  },
  {
    pattern: 'hedged-request',
    bug: 'the first to settle wins, not the first to answer',
    from: 'Promise.any',
    to: 'Promise.race',
  },
  {
    pattern: 'half-open-probe',
    bug: 'a half-open breaker lets all callers through',
    from: 'this.#probing = open',
    to: 'this.#probing = false',
  },
  {
    pattern: 'bulkhead',
    bug: 'one more than allowed',
    from: 'this.#busy >= this.#running',
    to: 'this.#busy > this.#running',
  },
  {
    pattern: 'bulkhead',
    bug: 'a call that fails keeps its place',
    from: `    try {
      return await call()
    } finally {
      const next = this.#queue.shift()
      if (next === undefined) this.#busy--
      else next()
    }`,
    to: `    const answer = await call()
    const next = this.#queue.shift()
    if (next === undefined) this.#busy--
    else next()
    return answer`,
  },
  {
    pattern: 'stale-while-revalidate',
    bug: 'everyone who finds it stale refreshes it',
    from: 'this.#loading ??= this.#load()',
    to: 'this.#loading = this.#load()',
  },
  {
    pattern: 'stale-while-revalidate',
    bug: 'the caller waits for the refresh',
    from: 'this.#refresh().catch(() => {})',
    to: 'await this.#refresh().catch(() => {})',
  },
  {
    pattern: 'idempotency-key',
    bug: 'a new key for each attempt',
    from: 'await ask({ key, amount })',
    to: 'await ask({ key: randomUUID(), amount })',
  },
  {
    pattern: 'retry-budget',
    bug: 'retries cost nothing',
    from: '    this.#tokens -= 10\n',
    to: '',
  },
  {
    pattern: 'saga',
    bug: 'what may have happened is not undone',
    from: '      done.unshift(part)\n      await part.act()',
    to: '      await part.act()\n      done.unshift(part)',
  },
  {
    pattern: 'saga',
    bug: 'undone in the order it was done',
    from: 'done.unshift(part)',
    to: 'done.push(part)',
  },
  {
    pattern: 'saga',
    bug: 'an undo that fails is given up',
    from: 'await untilDone(undo)',
    to: 'await undo().catch(() => {})',
  },
  {
    pattern: 'lease-renewal',
    bug: 'the lease counts from the answer',
    from: 'if (await renew()) heldUntilMs = Math.max(heldUntilMs, askedAtMs + safeMs)',
    to: 'if (await renew()) heldUntilMs = Math.max(heldUntilMs, performance.now() + safeMs)',
  },
  {
    pattern: 'lease-renewal',
    bug: 'nothing is allowed for a slow clock',
    from: 'LEASE_MS * (1 - DRIFT)',
    to: 'LEASE_MS',
  },
  {
    pattern: 'pool',
    bug: 'a dead connection goes back into the pool',
    from: 'if (!isDead(error)) this.#idle.push(connection)',
    to: 'this.#idle.push(connection)',
  },
  {
    pattern: 'pagination',
    bug: 'a page that failed is passed over',
    from: 'if (attempt === 3) throw error',
    to: "if (attempt === 3) return { items: [], next: 'c' }",
  },
  {
    pattern: 'pagination',
    bug: 'the list is read from its beginning again',
    from: 'const page: Page = await retrying(readPage, cursor)',
    to: "const page: Page = await readPage(cursor).catch(() => ({ items: [], next: '' }))",
  },
  {
    pattern: 'partial-batch',
    bug: 'all of a batch is sent again',
    from: 'batch.filter((message) => failed.includes(message))',
    to: '(failed.length > 0 ? batch : [])',
  },
  {
    pattern: 'partial-batch',
    bug: 'a lost answer counts as delivered',
    from: '() => batch,',
    to: '() => [],',
  },
  {
    pattern: 'resumed-stream',
    bug: 'half a line counts as read',
    from: '    yield* parts\n  }\n',
    to: "    yield* parts\n    if (rest !== '') yield rest\n  }\n",
  },
  {
    pattern: 'resumed-stream',
    bug: 'the feed is read from its beginning again',
    from: '?after=${lastId}',
    to: '?after=0',
  },
  {
    pattern: 'websocket-reconnect',
    bug: 'messages do not put off the silence',
    from: '      silence.refresh()\n',
    to: '',
  },
  {
    pattern: 'websocket-reconnect',
    bug: 'what a new connection repeats is counted twice',
    from: '      if (tick.id <= lastId) return\n',
    to: '',
  },
  {
    pattern: 'websocket-reconnect',
    bug: 'a dropped connection counts as the end',
    from: "code === 1006 ? 'dropped' : 'closed'",
    to: "'closed'",
  },
  {
    pattern: 'websocket-reconnect',
    bug: 'a silent connection is left open',
    from: '      socket.close()\n',
    to: '',
  },
  {
    pattern: 'websocket-reconnect',
    bug: 'the count of attempts never begins anew',
    from: '      attempt = 1\n',
    to: '',
  },
  {
    pattern: 'outbox',
    bug: 'it is noted as announced before it is',
    from: '      await publish(message)\n      disk = announced(disk, message)\n      await commit(disk)\n',
    to: '      disk = announced(disk, message)\n      await commit(disk)\n      await publish(message)\n',
  },
  {
    pattern: 'outbox',
    bug: 'what a crash has left is not looked for',
    from: '  await relay()\n  for',
    to: '  for',
  },
]

mkdirSync(join(PATTERNS, '../../.shakedown'), { recursive: true })
const folder = mkdtempSync(join(PATTERNS, '../../.shakedown/patterns-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A slip that goes round in circles is given up here: no pattern calls out half as often. */
const CALLS_MAX = 1_000

/** All problems of the scenarios of a pattern whose text was changed. */
async function problemsOf({ pattern, from, to }: Slip, copy: number): Promise<readonly string[]> {
  const home = join(folder, String(copy))
  mkdirSync(home)
  const text = readFileSync(join(PATTERNS, `${pattern}.ts`), 'utf8')
  expect(text.split(from)).toHaveLength(2)
  const module = join(home, `${pattern}.ts`)
  writeFileSync(
    module,
    text.replace(from, () => to),
  )
  const file = join(PATTERNS, `${pattern}.scenario.yaml`)
  const exports = (await import(/* @vite-ignore */ module)) as Readonly<Record<string, unknown>>
  const problems: string[] = []
  for (const { spec, source } of parseScenarios(readFileSync(file, 'utf8'), file)) {
    const subject = subjectIn(exports, spec.subject)
    const verdict = await runScenario({ spec: { ...spec, limits: { calls: CALLS_MAX } }, source, subject })
    problems.push(...verdict.problems.map(({ message }) => message))
  }
  return problems
}

test.for(SLIPS.map((slip, copy) => ({ ...slip, copy })))(
  '$pattern fails where $bug',
  async ({ copy, ...slip }) => {
    expect(await problemsOf(slip, copy)).not.toEqual([])
  },
)

test('every pattern has a slip that it fails for', () => {
  const patterns = readdirSync(PATTERNS).flatMap((file) => /^(.*)\.scenario\.yaml$/.exec(file)?.[1] ?? [])
  expect(patterns.toSorted()).toEqual([...new Set(SLIPS.map(({ pattern }) => pattern))].toSorted())
})
