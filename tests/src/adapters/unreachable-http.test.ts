import { createEngine, httpAdapter, route, routeFacts } from 'shakedown'
import { expect, test } from 'vitest'
import { serve } from '../../support/http-server.ts'

test('a server that nobody reaches is told with its address and the reason, without its key', async () => {
  const server = await serve((_request, response) => response.end())
  const { url } = server
  await server[Symbol.asyncDispose]()
  const remote = httpAdapter({ name: 'remote', url: `${url}/tasks?api_key=s3cr3t-value-1234` })
  const ask = route('ask', { adapters: [remote], maxAttempts: 1 })
  const facts = routeFacts(await createEngine().run(ask, { prompt: 'tides' }))
  const message = facts?.errors[0]?.message ?? ''
  expect(message).toMatch(/POST http:.*\/tasks.* was not answered: fetch failed \(.*ECONNREFUSED/)
  expect(message).not.toContain('s3cr3t')
  expect(JSON.stringify(facts?.attempts)).toContain('ECONNREFUSED')
})
