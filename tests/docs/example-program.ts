import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { readFileSync } from 'node:fs'
import { modules, repository, run } from '../packaging/staged-package.ts'
import type { Example, PublicSymbol } from './public-symbols.ts'

const STAND_INS = 'tests/docs/example-stand-ins.ts'

/**
 * Type-checks examples, each as a module of its own, all in one program.
 *
 * An example may use, without importing it, what its own file exports, what the entry points export, and the stand-ins
 * for a reader's own code (`gpt`, `sendOrder`, `article`).
 *
 * @returns the errors, at their lines in our sources
 */
export async function checkExamples(
  examples: readonly Example[],
  symbols: readonly PublicSymbol[],
): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shakedown-examples-'))
  try {
    await symlink(modules, path.join(folder, 'node_modules'))
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig(symbols)))
    await mkdir(path.join(folder, 'examples'))
    const places = new Map<string, Example>()
    for (const [index, example] of examples.entries()) {
      const file = `examples/${index}.ts`
      places.set(file, example)
      await writeFile(path.join(folder, file), moduleOf(example, symbols))
    }
    const { output } = await run(
      path.join(modules, '.bin/tsc'),
      ['--project', '.', '--pretty', 'false'],
      folder,
    )
    return output.split('\n').flatMap((line) => placed(line, places))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function tsconfig(symbols: readonly PublicSymbol[]) {
  const entries = new Set(symbols.map(({ entry }) => entry))
  const { exports } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    exports: Record<string, Record<string, string>>
  }
  const paths = [...entries].map((entry) => [
    entry,
    [path.join(repository, exports[entry.replace('shakedown', '.')]!['@shakedown/source']!)],
  ])
  const { compilerOptions } = JSON.parse(readFileSync(path.join(repository, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: Record<string, unknown>
  }
  return {
    compilerOptions: {
      ...compilerOptions,
      declaration: false,
      verbatimModuleSyntax: false,
      noPropertyAccessFromIndexSignature: false,
      paths: Object.fromEntries(paths) as Record<string, string[]>,
    },
    include: ['examples'],
  }
}

/** The example's code after one line of imports: what it uses and does not declare, its own file's exports first. */
function moduleOf({ file, code }: Example, symbols: readonly PublicSymbol[]): string {
  const used = new Set(code.match(/[A-Za-z_$][\w$]*/g))
  const own = new Set(
    [
      ...code.matchAll(
        /\b(?:const|let|function|class|type|interface|import)\s+\{?\s*([\w$]+(?:\s*,\s*[\w$]+)*)/g,
      ),
    ].flatMap(([, names = '']) => names.split(/\s*,\s*/)),
  )
  const imports: string[] = []
  const offer = (name: string, from: string): void => {
    if (!used.has(name) || own.has(name) || name === 'default') return
    own.add(name)
    imports.push(`import { ${name} } from ${JSON.stringify(from)};`)
  }
  for (const name of exportedNames(file)) offer(name, path.join(repository, file))
  for (const { name, entry } of symbols) offer(name, entry)
  for (const name of exportedNames(STAND_INS)) offer(name, path.join(repository, STAND_INS))
  const fromHere = code.replaceAll(/(?<=from ')\.[^']*/g, (specifier) =>
    path.join(repository, path.dirname(file), specifier),
  )
  return `${imports.join(' ')} export {};\n${fromHere}\n`
}

function exportedNames(file: string): string[] {
  const { module } = parseSync(file, readFileSync(path.join(repository, file), 'utf8'))
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName }) => exportName.name ?? []),
  )
}

/** A line of the compiler's output, at its place in our sources; nothing for the lines that explain it further. */
function placed(output: string, places: ReadonlyMap<string, Example>): string[] {
  const [, file = '', line = '', message = ''] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(output) ?? []
  const example = places.get(file)
  if (example !== undefined) return [`${example.file}:${example.line + Number(line) - 1} ${message}`]
  return file === '' || message === '' ? [] : [output]
}
