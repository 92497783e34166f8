import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { glob } from 'tinyglobby'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { modules, packedPackage, repository } from '../packaging/staged-package.ts'
import { checkDocument } from './check-document.ts'
import { codeBlocks } from './code-blocks.ts'
import { createDocProject } from './doc-project.ts'
import { isOutput } from './masked-output.ts'
import { has, needs } from '../support/systems.ts'

beforeEach((context) => needs(context, 'posix', 'the commands of a document are run by bash'))

const documents = await glob(['*.md', '{src,reporters,harness,scenarios,tests,.github}/**/*.md'], {
  cwd: repository,
  ignore: ['**/fixtures/**', '**/node_modules/**'],
  dot: true,
})

/** Compiling takes seconds; much longer on a machine that does something else beside it. */
const BUILD_LIMIT_MS = 120_000

let built: string

beforeAll(async () => {
  if (!has('posix')) return
  built = (await packedPackage()).staged
}, BUILD_LIMIT_MS)

function read(file: string): Promise<string> {
  return readFile(path.join(repository, file), 'utf8')
}

test('the README is among the documents', () => {
  expect(documents).toContain('README.md')
})

test.each(documents.toSorted())(
  'every block of %s does what it says',
  { timeout: 120_000 },
  async (document) => {
    const project = await createDocProject(modules, built)
    try {
      const problems = await checkDocument(await read(document), { project, read })
      expect(problems.map(({ line, message }) => `${document}:${line} ${message}`)).toEqual([])
    } finally {
      await project.remove()
    }
  },
)

test(
  'the failure at the top of the README is what its own example prints when the third try is taken away',
  { timeout: 120_000 },
  async () => {
    const blocks = codeBlocks(await read('README.md'))
    const textOf = (file: string): string =>
      blocks.find(({ marker }) => marker.kind === 'file' && marker.path === file)?.text ?? ''
    const project = await createDocProject(modules, built)
    try {
      await project.write(
        'send-order.ts',
        textOf('send-order.ts').replace('attempt === 3', 'attempt === 2'),
        1,
      )
      await project.write('send-order.scenario.yaml', textOf('send-order.scenario.yaml'), 1)
      const { exitCode, output } = await project.run('npx shakedown run')
      expect(exitCode).toBe(1)
      const [, failure = ''] = /( ✗ send-order[^]*?)\n\n Total failures/.exec(output) ?? []
      const picture = blocks.find(({ text }) => text.startsWith(' ✗ '))?.text ?? ''
      expect(isOutput(picture, failure), `got:\n${failure}`).toBe(true)
    } finally {
      await project.remove()
    }
  },
)
