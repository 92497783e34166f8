import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { modules } from '../packaging/staged-package.ts'
import { checkDocument } from './check-document.ts'
import { createDocProject } from './doc-project.ts'
import { isOutput } from './masked-output.ts'
import { has, needs } from '../support/systems.ts'

beforeEach((context) => needs(context, 'posix', 'the commands of a document are run by bash'))

// Each test starts several programs.
vi.setConfig({ testTimeout: 60_000 })

let stub: string

/** A package of one function stands in for the build, which these tests are not about. */
beforeAll(async () => {
  if (!has('posix')) return
  stub = await mkdtemp(path.join(tmpdir(), 'shakedown-stub-'))
  await mkdir(path.join(stub, 'dist/harness/cli'), { recursive: true })
  await writeFile(
    path.join(stub, 'package.json'),
    '{ "name": "shakedown", "type": "module", "exports": "./index.js" }',
  )
  await writeFile(path.join(stub, 'index.js'), 'export const double = (n) => n * 2\n')
  await writeFile(path.join(stub, 'index.d.ts'), 'export declare const double: (n: number) => number\n')
  const bin = '#!/usr/bin/env node\nconsole.log(`${process.argv[2]} took ${process.hrtime()[1]} ms`)\n'
  await writeFile(path.join(stub, 'dist/harness/cli/bin.js'), bin, { mode: 0o755 })
})

afterAll(() => rm(stub, { recursive: true, force: true }))

const workflow = (expression: string): string =>
  `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: 'echo \${{ ${expression} }}' }]`

const gate = '#!/bin/bash\nnpm ci\n  npm test || status=$?\n'

async function problemsOf(markdown: string): Promise<string[]> {
  const project = await createDocProject(modules, stub)
  try {
    const problems = await checkDocument(markdown, { project, read: () => Promise.resolve(gate) })
    return problems.map(({ line, message }) => `${line}: ${message}`)
  } finally {
    await project.remove()
  }
}

function block(language: string, text: string, ...comments: string[]): string {
  return `${comments.map((comment) => `<!-- ${comment} -->\n`).join('')}\n\`\`\`${language}\n${text}\n\`\`\`\n`
}

const double = "import { double } from 'shakedown'\n"

test('a document whose blocks all do what they say has no problems', async () => {
  const document = [
    block('ts', `${double}export const four: number = double(2)`),
    block('ts', 'export const size: number = theirs.length', 'before declare const theirs: string'),
    block('ts', `${double}console.log('twice', double(21))`, 'run'),
    block('text', 'twice 42', 'output'),
    block('yaml', 'name: flap', 'file: flap.scenario.yaml'),
    block('sh', 'cat flap.scenario.yaml\nnpx shakedown run', 'run'),
    block('text', 'name: flap\nrun took 17 ms', 'output'),
    block('sh', 'npx tsc --noSuchFlag', 'run: exit 1'),
    block('sh', 'npm ci && npm test', 'run by: .ci/run'),
    block('yml', workflow('github.ref'), 'workflow'),
    block('json', '{ "shown": "only" }'),
    block('', 'plain text'),
  ]
  expect(await problemsOf(document.join('\n'))).toEqual([])
})

test.each([
  ['a shell block without a marker', block('sh', 'npm test'), 'expected a marker'],
  ['a YAML block without a marker', block('yaml', 'a: 1'), 'expected a marker'],
  ['a misspelt marker', block('sh', 'true', 'runs'), 'expected the marker run'],
  ['a type error', block('ts', `${double}export const wrong: string = double(2)`), 'error TS2322'],
  ['a missing export', block('ts', "import { triple } from 'shakedown'\nvoid triple"), 'error TS2305'],
  ['a type error in a file', block('ts', 'export const a: string = 1', 'file: a.ts'), 'a.ts:1 error TS2322'],
  [
    'a command that fails',
    block('sh', 'echo gone wrong >&2\nfalse', 'run'),
    'expected exit code 0, got 1:\ngone wrong',
  ],
  ['a failure inside a pipe', block('sh', 'false | cat', 'run'), 'expected exit code 0, got 1'],
  ['a command that should have failed', block('sh', 'true', 'run: exit 3'), 'expected exit code 3, got 0'],
  ['output of nothing', block('text', 'x', 'output'), 'expected a block that is run above'],
  ['a file that nothing uses', block('yaml', 'a: 1', 'file: a.yaml'), 'expected a block that is run after'],
  [
    'a command nobody runs',
    block('sh', 'npm ci\nnpm run deploy', 'run by: .ci/run'),
    'to run `npm run deploy`',
  ],
  ['a workflow that means nothing', block('yml', workflow('github.reff'), 'workflow'), 'workflow line 5:'],
  ['something that is no program', block('yaml', 'a: 1', 'run'), 'expected a sh or ts block'],
])('%s is a problem', async (_what, document, message) => {
  expect(await problemsOf(`# Title\n\n${document}`)).toEqual([expect.stringContaining(message)])
})

test('a block is run by the Node that runs this test, also behind npx', async () => {
  const which = 'console.log(process.version)'
  const document = [
    block('sh', `node -e '${which}' && npx node -e '${which}'`, 'run'),
    block('text', `${process.version}\n${process.version}`, 'output'),
  ]
  expect(await problemsOf(document.join('\n'))).toEqual([])
})

test('output that differs is shown beside what was really printed', async () => {
  const document = block('sh', 'echo 2 passed', 'run') + block('text', '2 failed', 'output')
  expect(await problemsOf(document)).toEqual([
    '8: expected the output of the block above:\n2 passed\ngot:\n2 failed',
  ])
})

test('a problem names the line of its block', async () => {
  expect(await problemsOf(`# Title\n\ntext\n\n${block('sh', 'npm test')}`)).toEqual([
    expect.stringMatching(/^6: /),
  ])
})

test.each([
  ['2 passed  in 1.2 s', '2 passed in 934 ms', true],
  ['2 passed', '13 passed', false],
  ['2 passed', '2 failed', false],
  ['1: 1 passed, 2 faults fired', '1: 1 passed, 3 faults fired', false],
  ['300 ms of virtual time in 10 ms', '300 ms of virtual time in 14 ms', true],
  ['300 ms of virtual time in 10 ms', '100 ms of virtual time in 10 ms', false],
  ['first\n…\nlast', 'first\nsecond\nthird\nlast', true],
  ['first\n…', 'first\nsecond', true],
  ['first\n…\nlast', 'first\nsecond', false],
  ['first', 'first\nsecond', false],
  ['run 6f1c2b3a9d', 'run 00112233ff', true],
  ['12345678 rows', '87654321 rows', false],
  ['main@352df40 · Node 24.21.0', 'main@f8ce571 · Node 22.20.0', true],
  ['began 2026-03-01 12:00:05', 'began 2026-11-21 08:30:59', true],
  ['at /home/you/project/a.ts:7:3', 'at /tmp/shakedown-docs-Xy/a.ts:7:3', true],
  ['at /home/you/project/a.ts:7:3', 'at /tmp/shakedown-docs-Xy/a.ts:8:3', false],
  ['POST /orders/7', 'POST /orders/8', false],
  ['plain', '\u001B[32mplain\u001B[39m', true],
])('documented %j is output for printed %j: %s', (documented, printed, expected) => {
  expect(isOutput(documented, printed)).toBe(expected)
})
