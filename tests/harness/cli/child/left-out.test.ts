import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refuseLeftOut } from '../../../../harness/cli/child/left-out.ts'

let cwd: string
const found = ['a/x.scenario.yaml', 'a/fixtures/y.scenario.yaml', 'b/z.scenario.yaml']

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'shakedown-left-out-'))
  mkdirSync(path.join(cwd, 'a/fixtures'), { recursive: true })
  mkdirSync(path.join(cwd, 'b'))
  for (const file of found) writeFileSync(path.join(cwd, file), '')
})

afterAll(() => rmSync(cwd, { recursive: true, force: true }))

async function leaveOut(
  chosen: readonly string[],
  projects: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const absolute = (file: string): string => path.join(cwd, file)
  const scopes = Object.entries(projects).map(([root, exclude]) => ({ root: absolute(root), exclude }))
  await refuseLeftOut(found.map(absolute), chosen.map(absolute), scopes, cwd)
}

test('when all run there is nothing to say', async () => {
  await expect(leaveOut(found, { '.': [] })).resolves.toBeUndefined()
})

test('what a project excludes is left out with its blessing', async () => {
  const chosen = ['a/x.scenario.yaml', 'b/z.scenario.yaml']
  await expect(leaveOut(chosen, { '.': ['a/fixtures/**'] })).resolves.toBeUndefined()
  await expect(leaveOut(chosen, { a: ['**/fixtures/**'], b: [] })).resolves.toBeUndefined()
})

test('what no project excludes and none runs is refused by name', async () => {
  await expect(leaveOut(['a/x.scenario.yaml'], { a: ['fixtures'], b: [] })).rejects.toMatchObject({
    code: 'E_LEFT_OUT',
    message:
      'Expected a project of this Vitest to run 1 scenario file, but none does:\n\n  b/z.scenario.yaml',
    hint: expect.stringContaining('plugins: [shakedown()]') as string,
  })
})

test('what lies in no project at all is refused too', async () => {
  await expect(leaveOut(['b/z.scenario.yaml'], { b: [] })).rejects.toThrow('2 scenario files')
})
