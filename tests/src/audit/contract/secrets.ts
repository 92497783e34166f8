import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  attempt,
  attemptStart,
  join,
  late,
  outcome,
  runFinished,
  runStarted,
  step,
  token,
} from '../sample-records.ts'
import { type Open, trailOf } from './store.ts'

export function secrets(open: Open): void {
  const secret = 'sk-"live"\n7f3a'

  test('configured secrets are gone from every text before it is stored', async () => {
    const store = open({ redact: [secret, 'plain-secret'] })
    const says = `key ${secret} and plain-secret.`
    const error = {
      name: 'Error',
      message: says,
      stack: `Error: ${says}\n  at x`,
      cause: { name: 'E', message: says },
    }
    const trail = await trailOf(store, [
      runStarted('r1', { pipeline: says, input: { [says]: says, nested: JSON.stringify({ body: says }) } }),
      token('r1'),
      attempt('r1', { step: says, path: says, output: says, status: 'failed', error }),
      step('r1', { step: says, path: says, feedback: says, metadata: { [says]: [says] } }),
      late('r1', { path: says, detail: { says } }),
      token('r1', 't2', ['t1'], { branch: says, item: says }),
      attemptStart('r1', { step: says, path: says }),
      join('r1', {
        path: says,
        item: says,
        arrived: [{ branch: says, tokenId: 't2', atMs: 1 }],
        missing: [says],
        lost: [{ branch: says, reason: says }],
        reason: says,
        input: says,
        output: says,
      }),
      outcome('r1', { outcome: 'failed', reason: says }),
      runFinished('r1', { status: 'failed', output: says, feedback: says, error }),
    ])
    const redacted = 'key [redacted] and [redacted].'
    const text = JSON.stringify([trail, store.runs()])
    for (const part of ['live', '7f3a', 'plain-secret']) expect(text).not.toContain(part)
    expect(JSON.parse(trail.input!.json)).toEqual({
      [redacted]: redacted,
      nested: JSON.stringify({ body: redacted }),
    })
    expect(trail.stepRows[0]).toMatchObject({
      step: redacted,
      path: redacted,
      feedback: redacted,
      metadata: { [redacted]: [redacted] },
    })
    expect(trail.tokenRows[1]).toMatchObject({ branch: redacted, item: redacted })
    expect(trail.joinRows[0]).toMatchObject({
      arrived: [{ branch: redacted, tokenId: 't2', atMs: 1 }],
      missing: [redacted],
      lost: [{ branch: redacted, reason: redacted }],
    })
    expect(trail.outcomeRows[0]?.reason).toBe(redacted)
    expect(JSON.parse(trail.error!.json)).toMatchObject({ message: redacted, cause: { message: redacted } })
    // The failing case beside it: without the option, all of it is there.
    const told = await trailOf(open(), [runStarted('r1', { input: says })])
    expect(JSON.parse(told.input!.json)).toBe(says)
  })

  test('what is a secret by its shape or its name is gone without being configured; ordinary text stays', async () => {
    const key = ['sk-proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-')
    const trail = await trailOf(open(), [
      runStarted('r1', { input: { password: 'hunter2', topic: 'password reset works' } }),
      token('r1'),
      attempt('r1', { output: [{ headers: { cookie: 'sid=abc', accept: 'text/html' } }] }),
      step('r1', { feedback: `refused ${key}`, metadata: { apiKey: 'abc', tokens: 12 } }),
      outcome('r1', { outcome: 'failed', reason: 'GET /items?token=abc&page=2' }),
      runFinished('r1', { error: { name: 'Error', message: 'postgres://app:s3cr3t@db/x', stack: '' } }),
    ])
    expect(JSON.parse(trail.input!.json)).toEqual({
      password: '[redacted]',
      topic: 'password reset works',
    })
    expect(JSON.parse(trail.attemptRows[0]!.output!.json)).toEqual([
      { headers: { cookie: '[redacted]', accept: 'text/html' } },
    ])
    expect(trail.stepRows[0]).toMatchObject({
      feedback: 'refused [redacted api key]',
      metadata: { apiKey: '[redacted]', tokens: 12 },
    })
    expect(trail.outcomeRows[0]?.reason).toBe('GET /items?token=[redacted]&page=2')
    expect(JSON.parse(trail.error!.json)).toMatchObject({ message: 'postgres://app:[redacted]@db/x' })
  })

  test('a secret across the cut of a long payload is not half told, nor hashed', async () => {
    const trail = await trailOf(open({ redact: ['0123456789'], payloadBytesMax: 32 }), [
      runStarted('r1', { input: `${'x'.repeat(26)}0123456789${'y'.repeat(40)}` }),
    ])
    const whole = JSON.stringify(`${'x'.repeat(26)}[redacted]${'y'.repeat(40)}`)
    expect(trail.input).toEqual({
      json: whole.slice(0, 32),
      truncated: true,
      fullLength: whole.length,
      sha256: createHash('sha256').update(whole).digest('hex'),
    })
  })
}
