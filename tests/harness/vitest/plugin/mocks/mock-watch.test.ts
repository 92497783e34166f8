import { parseAst } from 'vitest/node'
import { expect, test } from 'vitest'
import { MockWatch } from '../../../../../harness/vitest/plugin/mocks/mock-watch.ts'

test('a module that is nested deeper than the stack is still read for mocks', async () => {
  const deep = `chain${'.next()'.repeat(3_000)}`
  const code = `import { vi } from 'vitest'\nimport 'shakedown'\nvi.mock('shakedown')\nexport const last = () => ${deep}\n`
  const modules = { parse: parseAst, resolve: () => Promise.resolve(undefined) }
  const remarks = await new MockWatch([], '/').remarksOn(code, '/deep.test.js', modules)
  expect(remarks).toMatchObject([{ code: 'E_EXECUTOR_MOCKED', line: 3 }])
})

test.for([
  [
    "import { SimWorld } from 'shakedown/harness'\nconst world = new SimWorld()\nworld.boundary = (_, real) => real()",
    0,
  ],
  ["import { createEngine } from 'shakedown'\nconst engine = createEngine()\nengine.run = () => 1", 1],
] as const)('a world is there to be scripted, an engine is not: %s', async ([code, found]) => {
  const modules = { parse: parseAst, resolve: () => Promise.resolve(undefined) }
  expect(await new MockWatch([], '/').remarksOn(code, '/world.test.js', modules)).toHaveLength(found)
})
