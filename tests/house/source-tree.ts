import { readFileSync } from 'node:fs'
import path from 'node:path'
import { glob } from 'tinyglobby'

/** One file of the repository, or of a small bad tree made up to prove a rule. */
export interface SourceFile {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** A house rule broken at a place; `line` is absent where the path itself is what is wrong. */
export interface Violation {
  readonly path: string
  readonly line?: number
  readonly message: string
}

/** What tools write beside the sources; kept equal to .gitignore, plus git's own folder. */
const NOT_OURS = ['**/node_modules/**', '.git/**', 'dist/**', '**/.shakedown/**', '*.tsbuildinfo', '*.tgz']

/** Kept out of every rule but the layout: deliberately broken inputs must be allowed to be broken. */
const FIXTURES = 'tests/fixtures/'

export async function readSourceTree(root: string): Promise<SourceFile[]> {
  const paths = await glob('**/*', { cwd: root, dot: true, ignore: NOT_OURS })
  return paths.toSorted().map((file) => ({ path: file, text: textOf(path.join(root, file)) }))
}

/** Makes a tree from `{ 'src/a.ts': 'text' }`, for the mutants. */
export function treeOf(files: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(files).map(([file, text]) => ({ path: file, text }))
}

export function isTypeScript(file: SourceFile): boolean {
  return file.path.endsWith('.ts') && !file.path.startsWith(FIXTURES)
}

/** The line of a character offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** One line per violation, as editors make clickable: `src/a.ts:3 message`. */
export function describeViolations(violations: readonly Violation[]): string[] {
  return violations.map(
    ({ path: file, line, message }) => `${file}${line === undefined ? '' : `:${line}`} ${message}`,
  )
}

/** Rules read text only; a fixture database or image would waste memory as a string. */
function textOf(file: string): string {
  return /\.(ts|md|json|ya?ml|hbs|css)$/.test(file) ? readFileSync(file, 'utf8') : ''
}
