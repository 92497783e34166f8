import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { createEngine, join, parallel, pipeline, quorum, step } from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeBlocks } from './code-blocks.ts'

interface Part {
  readonly order: string
  readonly kind: string
}

const reference = await readFile(path.join(import.meta.dirname, '../../src/reference.md'), 'utf8')
const section = reference.slice(reference.indexOf('## The audit trail'))
const queries = codeBlocks(section).filter(({ language }) => language === 'sql')

let folder: string
let db: Database.Database

const part = (order: string, kind: string): Part => ({ order, kind })

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'audit-queries-'))
  const file = path.join(folder, 'runs.db')
  const world = new SimWorld()
  const engine = createEngine({ audit: file, world })
  const ended = async (running: Promise<unknown>): Promise<void> => {
    await drive(world, running)
    await running
  }
  const slow = step('slow', (_: string, ctx) => ctx.sleep(60_000))
  const quick = step('quick', (topic: string, ctx) => {
    ctx.meter({ tokens: 7 })
    return { sound: topic }
  })
  const reviews = parallel(
    'reviews',
    { facts: quick, tone: slow },
    { join: quorum(2, { timeoutMs: 20 }), missing: 'quarantine' },
  )
  await ended(engine.run(pipeline('article', reviews), 'tides', { runId: 'article-1' }))
  const meet = join('meet', {
    key: ({ order }: Part) => order,
    branch: ({ kind }) => kind,
    branches: ['bill', 'parcel', 'note'],
    policy: quorum(2),
  })
  const items = [part('o1', 'bill'), part('o2', 'note'), part('o1', 'note'), part('o1', 'parcel')]
  const key = ({ order, kind }: Part): string => `${order}/${kind}`
  await ended(engine.runAll(pipeline('orders', meet), items, { runId: 'orders-1', key, concurrency: 1 }))
  await engine.close()
  db = new Database(file, { readonly: true })
})

afterAll(async () => {
  db.close()
  await rm(folder, { recursive: true })
})

/** What the query below a question answers. */
function ask(question: RegExp, parameters: object = {}): unknown[] {
  const at = section.search(question)
  if (at < 0) throw new Error(`expected the question ${question} in the reference`)
  const query = queries.find(({ text }) => section.indexOf(text) > at)
  return db.prepare(query?.text ?? '').all(parameters)
}

test('which tokens arrived at a join before it failed, and what they held', () => {
  expect(ask(/Which tokens arrived/, { run: 'article-1' })).toEqual([
    {
      path: 'article/reviews',
      item: null,
      policy: 'quorum(2)',
      reason: 'quorum_not_met_at_timeout',
      waited_ms: expect.any(Number),
      branch: 'facts',
      token_id: 't2',
      at_ms: expect.any(Number),
      held: '{"sound":"tides"}',
    },
  ])
  expect(ask(/Which tokens arrived/, { run: 'orders-1' })).toMatchObject([
    { path: 'orders/meet', item: 'o2', branch: 'note', held: '{"order":"o2","kind":"note"}' },
  ])
})

test('which branches were missing, what became of them, and whether a time limit decided it', () => {
  expect(ask(/Which branches were missing/, { run: 'article-1' })).toMatchObject([
    { missing: '["tone"]', missing_outcome: 'quarantined', lost: null, timeout_ms: 20 },
  ])
  expect(ask(/Which branches were missing/, { run: 'orders-1' })).toMatchObject([
    { missing: '["bill","parcel"]', missing_outcome: 'failed', timeout_ms: null, reason: 'quorum_not_met' },
  ])
})

test('why an item never reached the end', () => {
  const why = (item: string): unknown[] => ask(/Why did item Y/, { run: 'orders-1', item })
  expect(why('o2/note')).toMatchObject([
    { outcome: 'failed', reason: 'quorum_not_met', join: 'orders/meet', missing: '["bill","parcel"]' },
  ])
  expect(why('o1/parcel')).toMatchObject([
    { outcome: 'failed', reason: 'late_arrival_after_merge', join: 'orders/meet' },
  ])
  expect(why('o1/bill')).toMatchObject([{ outcome: 'coalesced', reason: null }])
})

test('which joins fail over all runs, and that every token is accounted for', () => {
  expect(ask(/Which joins fail/)).toEqual([
    { path: 'article/reviews', policy: 'quorum(2)', reason: 'quorum_not_met_at_timeout', times: 1 },
    { path: 'orders/meet', policy: 'quorum(2)', reason: 'quorum_not_met', times: 1 },
  ])
  expect(ask(/Does every finished run/)).toEqual([])
})

test('a join says what was spent on the tokens that came to it', () => {
  expect(db.prepare("SELECT tokens FROM joins WHERE path = 'article/reviews'").all()).toEqual([{ tokens: 7 }])
})

test('the table of tables names every one of them, with its columns', () => {
  const described = [...section.matchAll(/^\| `(\w+)`[^|]*\|[^|]*\| (.*) \|$/gm)]
  const names = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
  for (const [, table = '', columns = ''] of described)
    expect(names(columns), table).toEqual(
      (db.pragma(`table_info(${table})`) as { readonly name: string }[]).map(({ name }) => name),
    )
  const own = names(/The tables (.*?) are the engine's own/s.exec(section)?.[1] ?? '')
  const all = db.prepare("SELECT name FROM sqlite_schema WHERE type <> 'index'").pluck().all() as string[]
  expect([...described.map(([, table = '']) => table), ...own].toSorted()).toEqual(
    all.filter((name) => !name.startsWith('sqlite_')).toSorted(),
  )
})
