import { AbortSignalled, createEngine, parallel, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { photographed } from './photographed.ts'

test('killed after any commit, a run that a step of its own has aborted comes to its end again', async () => {
  const { copies, audit } = photographed()
  const node = pipeline(
    'p',
    step('one', (n: number) => n),
    parallel('both', {
      aborts: step('aborts', (): number => {
        throw new AbortSignalled(new Error('enough'))
      }),
      // Settles some commits later.
      waits: step(
        'waits',
        (n: number, ctx) => new Promise<number>((resolve) => ctx.clock.after(20, 'w', () => resolve(n))),
      ),
    }),
  )
  const { status } = await createEngine({ audit }).run(node, 1, { runId: 'r', durable: true })
  expect(status).toBe('cancelled')
  await audit.close()
  expect(copies.length).toBeGreaterThan(2)
  for (const copy of copies.slice(0, -1)) {
    await using engine = createEngine({ audit: copy, pipelines: [node] })
    const [recovery] = await engine.recover()
    expect(recovery).toMatchObject({ kind: 'carried-on', result: { status: 'cancelled' } })
    expect(engine.audit!.conservation()).toMatchObject({ ok: true, open: [] })
  }
}, 10_000)
