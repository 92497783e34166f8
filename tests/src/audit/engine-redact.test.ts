import Database from 'better-sqlite3'
import { approval, createEngine, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { temporaryFile } from './temporary-file.ts'

const SECRET = 'blue-whale-7'

test('what `redact` of the engine names is in no table of the audit file that it opens', async () => {
  const file = temporaryFile()
  await using engine = createEngine({ audit: file, redact: [SECRET] })
  const says = step('says', (given: { q: string }, { context }) => {
    context.set('k', given.q)
    throw new Error(`cannot ask ${given.q}`)
  })
  const asks = approval('ask', {
    message: (given: { q: string }) => `Is it ${given.q}?`,
    schema: z.boolean(),
  })
  const input = { q: `key ${SECRET}` }
  expect((await engine.run(says, input)).feedback).toContain(SECRET)
  const { runId } = await engine.run(
    pipeline(
      'p',
      asks,
      step('end', () => SECRET),
    ),
    input,
  )
  expect((await engine.resume(runId, true)).output).toBe(SECRET)
  await engine.close()

  using db = closing(new Database(file, { readonly: true }))
  const tables = db.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
  const told = tables.filter((table) =>
    JSON.stringify(db.prepare(`select * from ${table}`).all()).includes(SECRET),
  )
  expect(told).toEqual([])
  expect(JSON.stringify(db.prepare('select * from attempts').all())).toContain('[redacted]')
})

function closing(db: Database.Database): Database.Database & Disposable {
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() })
}
