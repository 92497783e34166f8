import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { functionAdapter, route } from 'shakedown'
import { type PointKind, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { verbTable } from '../../harness/faults/points/points.ts'
import { callsMatcher, expectation } from '../../harness/scenario/expectation-schema.ts'
import { scenarioDocumentSchema } from '../../harness/scenario/schema.ts'
import { serve } from '../support/http-server.ts'
import { EXAMPLES, NAMES, referencePage } from './reference-page.ts'

const repository = path.join(import.meta.dirname, '../..')
const examples = await readFile(path.join(repository, EXAMPLES), 'utf8')

test('the reference is the one that the schema, the verbs and the examples make (update it with `vitest -u`)', async () => {
  await expect(referencePage(examples)).toMatchFileSnapshot('../../harness/reference.md')
})

/** Every key at every depth, a mapping's own names aside. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).concat(Object.values(value).flatMap(keysIn))
}

test('every key of a scenario, and of what it expects, has an example that runs', () => {
  const shown = new Set(parseAllDocuments(examples).flatMap((document) => keysIn(document.toJS())))
  const known = [
    ...Object.keys(scenarioDocumentSchema.shape),
    ...Object.keys(expectation.shape),
    ...Object.keys(callsMatcher.shape),
    'causes',
  ]
  // A scenario with `only` would keep all others from running.
  expect(known.filter((key) => !shown.has(key) && key !== 'only')).toEqual([])
})

/** Calls out once at a point of this kind. */
const CALLS: Readonly<Record<PointKind, (ports: Ports, url: string) => Promise<unknown>>> = {
  step: (ports) => ports.fn('ask', async () => 'answer')(),
  fn: (ports) => ports.fn('ask', async () => 'answer')(),
  http: (ports, url) => ports.fetch(url).then((response) => response.text()),
  events: async (ports) => {
    for await (const message of ports.events('ask')) return message
    return undefined
  },
  // No port calls an adapter: the subject is a route then.
  adapter: (ports) => ports.fn('ask', async () => 'answer')(),
}
const POINTS: Readonly<Record<PointKind, string>> = {
  step: 'fn:ask',
  fn: 'fn:ask',
  http: 'http:GET /',
  events: 'events:ask',
  adapter: 'adapter:ask',
}
const routed = route('ask', { adapters: [functionAdapter('ask', async () => 'answer')] })

test.for(verbTable())('the example of $verb ($kinds) acts', async ({ kinds, example }) => {
  // An answer is only lost where there is one.
  await using server = await serve((_request, response) => void response.end('answer'))
  const kind = kinds.includes('fn') ? 'fn' : (kinds[0] ?? 'fn')
  const calling = async (_: unknown, ports: Ports): Promise<void> => {
    const called = new Promise<unknown>((resolve) => resolve(CALLS[kind](ports, server.url))).catch(() => {})
    // What never answers is not waited for.
    await Promise.race([called, ports.clock.sleep(60_000)])
  }
  const started = scenario('a verb')
  const built = (
    kind === 'adapter'
      ? started.subject(routed).input({}).expect({ status: 'completed' })
      : started.subject(calling).input(null)
  ).on(POINTS[kind], example)
  const { faultsFired } = await runScenario(built, { replay: false })
  // A route calls again.
  const times = kind === 'adapter' ? 2 : 1
  expect(faultsFired).toBe(example.startsWith('off') ? 0 : times)
})

test('what the page says of ports is what ports have', async () => {
  let found: Ports | undefined
  const looking = (_: unknown, ports: Ports): void => {
    found = ports
    ports.fn('ask', () => {})()
  }
  await runScenario(scenario('ports').subject(looking).input(null))
  expect(Object.keys(found?.clock ?? {}).toSorted()).toEqual(NAMES.clock.toSorted())
  expect(Object.keys(found?.store ?? {}).toSorted()).toEqual(NAMES.store.toSorted())
})
