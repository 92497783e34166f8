import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const harness = fileURLToPath(new URL('../../../harness/index.ts', import.meta.url))

/** Whether a process that has run a module has loaded Node's `fetch`, which takes 40 ms. */
async function loadsFetch(code: string): Promise<boolean> {
  const script = `${code}
console.log(process.moduleLoadList.some((name) => name.endsWith('undici/undici')))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return stdout.trim() === 'true'
}

test("importing the harness does not load Node's fetch, which every start would pay for", async () => {
  expect(await loadsFetch(`await import(${JSON.stringify(harness)})`)).toBe(false)
  expect(await loadsFetch("await import('node:http')")).toBe(true)
})
