import { expect, test } from 'vitest'
import { processOutput } from '../../../harness/cli/output.ts'
import type { Stream } from '../../../harness/cli/output.ts'
import type { NodeStream } from '../../../reporters/text/output-stream.ts'
import { CliProject } from './cli-project.ts'
import { readEnvironment } from '../../../harness/settings/environment.ts'

function opened(
  more: Partial<NodeStream>,
  variables: Readonly<Record<string, string>> = {},
): { readonly stream: Stream; readonly written: string[] } {
  const written: string[] = []
  const stdout = { write: (text: string) => written.push(text), ...more }
  return { stream: processOutput(readEnvironment(variables), { stdout, stderr: stdout }).stdout, written }
}

test('a pipe has no colour, on CI neither, unless it is asked for', () => {
  const pipe: Partial<NodeStream> = {}
  expect(opened(pipe, { CI: '1' }).stream).toMatchObject({ color: false, isTerminal: false, width: 80 })
  expect(opened(pipe, { FORCE_COLOR: '1' }).stream.color).toBe(true)
  expect(opened({ isTTY: true, columns: 60 }).stream).toMatchObject({ color: true, width: 60 })
  expect(opened({ isTTY: true, columns: 60 }, { NO_COLOR: '1' }).stream.color).toBe(false)
})

test('a terminal that does not know its width has 80 columns', () => {
  expect(opened({ isTTY: true, columns: 0 }).stream.width).toBe(80)
})

test('a terminal without UTF-8 is given our signs in ASCII; a file keeps them', () => {
  const text = ' ✓ PASSED · 2 × … ─ →'
  const terminal = opened({ isTTY: true, columns: 80 }, { LANG: 'C' })
  terminal.stream.write(text)
  expect(terminal.written).toEqual([' + PASSED - 2 x ... - ->'])
  const file = opened({}, { LANG: 'C' })
  file.stream.write(text)
  expect(file.written).toEqual([text])
})

test('an error on such a terminal is in ASCII as well', { timeout: 60_000 }, async () => {
  using project = new CliProject()
  const node = ['--import', 'data:text/javascript,process.stderr.isTTY=true']
  const said = await project.run(['run', 'nosuch'], { node, env: { LC_ALL: 'C' } })
  expect(said.stderr).toContain('-> ')
  expect(said.stderr).not.toMatch(/[^\n\r -~]/)
  expect((await project.run(['run', 'nosuch'], { node, env: { LC_ALL: 'C.UTF-8' } })).stderr).toContain('→ ')
})
