import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const harness = fileURLToPath(new URL('../../../harness/index.ts', import.meta.url))
const engine = fileURLToPath(new URL('../../../src/index.ts', import.meta.url))

/** What a process that has run a module has loaded of what costs every start 10 to 40 ms. */
async function heavyLoads(code: string): Promise<readonly string[]> {
  const script = `import { createRequire, registerHooks } from 'node:module'
const urls = []
registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context) } })
${code}
const loaded = process.moduleLoadList.concat(urls, Object.keys(createRequire(${JSON.stringify(harness)}).cache))
console.log(['undici/undici', 'better-sqlite3'].filter((part) => loaded.some((name) => name.includes(part))).join())`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return stdout
    .trim()
    .split(',')
    .filter((name) => name !== '')
}

test("importing the harness does not load Node's fetch, or SQLite, which every start would pay for", async () => {
  expect(await heavyLoads(`await import(${JSON.stringify(harness)})`)).toEqual([])
})

test('what is heavy is seen when it is used', async () => {
  const code = `await import('node:http')
const { openSqliteAuditReader } = await import(${JSON.stringify(engine)})
const { runScenario, scenario } = await import(${JSON.stringify(harness)})
await runScenario(scenario('waits').subject(async () => 1).input(1))
try { openSqliteAuditReader(${JSON.stringify(harness)}) } catch {}`
  expect(await heavyLoads(code)).toEqual(['undici/undici', 'better-sqlite3'])
})
