import { expect, test } from 'vitest'
import { testsIn, versions, VitestProject } from './vitest-project.ts'

const COUNTER = 'let count = 0\nexport const next = (): number => ++count\n'

const SUBJECT = `import { next as byPlace } from './place'
import { next as byAlias } from '@/alias'
import { next as byImports } from '#internal/imports'
import { next as byOwnName } from 'crashes/own'
import { next as byTool } from './tool'

export async function counts(_: unknown, ports: any) {
  const counted = {
    'by-place': byPlace(),
    'by-alias': byAlias(),
    'by-imports': byImports(),
    'by-its-own-name': byOwnName(),
    'by-a-tool-of-those': byTool(),
  }
  await ports.fn('ask', async () => {})()
  return counted
}
`

test.for(versions)(
  'Vitest %s: after a crash modules are fresh by whatever name they are imported',
  { timeout: 60_000 },
  async (version) => {
    using project = new VitestProject('crashes', version).withAlias()
    project.write(
      'package.json',
      JSON.stringify({
        name: 'crashes',
        type: 'module',
        imports: { '#internal/*': './*.ts' },
        exports: { './own': './own.ts' },
      }),
    )
    for (const name of ['place', 'alias', 'imports', 'own', 'deep']) project.write(`${name}.ts`, COUNTER)
    project.write('tool.ts', "export { next } from '@/deep'\n")
    project.write('subject.ts', SUBJECT)
    await project.vitest('run', '--reporter=json', '--outputFile=out.json')
    expect(
      testsIn(project.read('out.json')).map(({ status, failureMessages }) => [status, failureMessages]),
    ).toEqual([['passed', []]])
  },
)
