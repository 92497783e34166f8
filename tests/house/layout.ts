import { folderOf } from './import-directions.ts'
import type { SourceFile, Violation } from './source-tree.ts'

/** Folders and the text that introduces each to somebody who opens it. */
const ROOMS: Readonly<Record<string, string>> = {
  src: 'src/README.md',
  reporters: 'reporters/README.md',
  harness: 'harness/README.md',
  scenarios: 'scenarios/README.md',
  tests: 'tests/README.md',
  // Not .github/README.md: GitHub would show that one on the project page instead of the README at the root.
  '.github': '.github/workflows/README.md',
}

/** The gate's entry point; a single script needs no introduction but its own comments. */
const BARE_FOLDERS = new Set(['.ci'])

/** Configuration, licence and the three texts a visitor looks for; nothing else lies at the root. */
const ROOT_FILES = new Set([
  '.gitignore',
  '.npmrc',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'knip.json',
  'package-lock.json',
  'package.json',
  'rolldown.config.ts',
  'tsconfig.build.json',
  'tsconfig.json',
  'vitest.config.ts',
])

/** Names whose spelling other programs look for. */
const KNOWN_NAMES = new Set(['README.md', 'CONTRIBUTING.md', 'SECURITY.md'])
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

/** Rooms of the tests that mirror a folder need no line of their own. */
const MIRRORED = new Set(['src', 'reporters', 'harness'])

/** Only the folders of the architecture, each introduced by a README, nothing stray at the root, kebab-case names. */
export function layout(files: readonly SourceFile[]): Violation[] {
  const paths = new Set(files.map((file) => file.path))
  return [
    ...[...paths].flatMap(misplaced),
    ...missingReadmes(paths),
    ...files.flatMap((file) => wrongMap(file, paths)),
  ]
}

function misplaced(path: string): Violation[] {
  const folder = folderOf(path)
  if (folder === path)
    return ROOT_FILES.has(path)
      ? []
      : [{ path, message: 'expected no such file at the root; see tests/house/layout.ts' }]
  if (!(folder in ROOMS) && !BARE_FOLDERS.has(folder))
    return [{ path, message: `expected only the folders ${Object.keys(ROOMS).join(', ')}` }]
  if (path === '.github/README.md')
    return [
      {
        path,
        message: 'expected .github/workflows/README.md: GitHub shows this one instead of the root README',
      },
    ]
  // Fixtures imitate other people's trees; they keep other people's names.
  if (path.startsWith('tests/fixtures/')) return []
  const name = path.slice(path.lastIndexOf('/') + 1)
  return KNOWN_NAMES.has(name) || KEBAB_CASE.test(name)
    ? []
    : [{ path, message: 'expected a kebab-case name' }]
}

/** A README that has a map, its first table, names every room of its folder there and no other. */
function wrongMap({ path, text }: SourceFile, paths: ReadonlySet<string>): Violation[] {
  const [map] = /^\| (?:room|folder) \|.*\n(?:\|.*\n)+/m.exec(text) ?? []
  if (map === undefined || !Object.values(ROOMS).includes(path)) return []
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const inside = [...paths]
    .filter((other) => other.startsWith(folder))
    .map((other) => other.slice(folder.length))
  const rooms = new Set(inside.filter((other) => other.includes('/')).map(folderOf))
  const named = new Set([...map.matchAll(/^\| \[?`([\w-]+)\/`/gm)].map(([, room = '']) => room))
  const unnamed = [...rooms].filter(
    (room) => !named.has(room) && !(folder === 'tests/' && MIRRORED.has(room)),
  )
  const unknown = [...named].filter((room) => !rooms.has(room))
  return [
    ...unnamed.map((room) => ({ path, message: `expected the room ${room}/ in its map` })),
    ...unknown.map((room) => ({
      path,
      message: `expected no ${room}/ in its map, there is no such room`,
    })),
  ]
}

function missingReadmes(paths: ReadonlySet<string>): Violation[] {
  return Object.values(ROOMS)
    .filter((readme) => !paths.has(readme))
    .map((readme) => ({ path: readme, message: 'expected a README that says what lives in this folder' }))
}
