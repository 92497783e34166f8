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
