import { expect, test } from 'vitest'
import { copyTrail } from '../../../../src/audit/copy-trail.ts'
import type { RunTrail } from '../../../../src/audit/store.ts'
import { attempt, failedRun, late, runStarted, wholeRun } from '../sample-records.ts'
import { type Open, record, trailOf } from './store.ts'

export function copying(open: Open): void {
  test('a copied run is the same run under another id, in another store', async () => {
    const from = open({ payloadBytesMax: 40 })
    await record(from, [
      ...failedRun('run-1').slice(0, -1),
      attempt('run-1', { attempt: 3, input: 'x'.repeat(100) }),
      ...failedRun('run-1').slice(-1),
      late('run-1'),
    ])
    const trail = from.trail('run-1')!
    const into = open()
    await copyTrail(JSON.parse(JSON.stringify(trail)) as RunTrail, into, 'run-7')
    expect(into.trail('run-7')).toEqual({ ...trail, runId: 'run-7' })
    expect(into.runs()).toEqual([{ ...from.runs()[0], runId: 'run-7' }])
  })

  test('a run that never ended is copied as it is', async () => {
    const from = open()
    const trail = await trailOf(from, wholeRun('run-1').slice(0, 3))
    const into = open()
    await copyTrail(trail, into, 'run-7')
    expect(into.trail('run-7')).toEqual({ ...trail, runId: 'run-7' })
  })

  test('a copy is redacted and cut by the store it goes to', async () => {
    const from = open({ payloadBytesMax: 40 })
    const long = { json: `"hush ${'x'.repeat(34)}`, truncated: true, fullLength: 107 }
    const trail = await trailOf(from, [runStarted('run-1', { input: `hush ${'x'.repeat(100)}` })])
    expect(trail.input).toMatchObject(long)
    const into = open({ payloadBytesMax: 20, redact: ['hush'] })
    await copyTrail(trail, into, 'run-7')
    expect(into.trail('run-7')?.input).toEqual({ ...trail.input, json: '"[redacted] xxxxxxxx' })
  })

  test('a run id that is taken is refused, and the run that has it stays as it was', async () => {
    const store = open()
    const trail = await trailOf(store, wholeRun('run-1'))
    await expect(copyTrail(trail, store, 'run-1')).rejects.toThrow("unique, got a second run 'run-1'")
    expect(store.trail('run-1')).toEqual(trail)
  })
}
