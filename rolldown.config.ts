import { chmodSync, existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { BuildOptions, Plugin } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { precompileTemplates } from './reporters/render/html/precompile.ts'
import manifest from './package.json' with { type: 'json' }

/*
 * The build puts the modules of this package into a few files: a run starts three processes, and it took each of them
 * up to a quarter of a second to find and read two hundred files. What several entries need is in files they share, so
 * that a class is the same class whichever entry point it comes from.
 *
 * The compiler writes the declarations, see tsconfig.build.json; their maps lead an editor to the sources of what a program can
 * import, which are published too. Stack traces lead into the files that are built, which are as readable: maps of those, and
 * the sources of what nothing can import, would be a third of the package.
 */

/** The entry points of package.json, and what is started or imported by its path; see `modulePath`. */
const ENTRIES = [
  'src/index',
  'reporters/index',
  'reporters/worker/process-warnings',
  'harness/index',
  'harness/vitest/plugin',
  'harness/vitest/worker/scenario-tests',
  'harness/cli/bin',
  'harness/cli/child/vitest-child',
]

/** Libraries of which the build takes in what is used: they come in ninety and in seventy files. */
const BUNDLED = ['zod', 'yaml']

/**
 * Modules that are needed together, each list in a file of its own; what a list needs that no earlier one has comes along.
 * Without them a process would load fifty small files: one for each set of entries that need the same modules.
 */
const TOGETHER: Readonly<Record<string, RegExp>> = {
  base: /\/src\/base\/(?!redact\/|zod\.)/,
  text: /\/reporters\/text\//,
  // What processes of all kinds need of rooms that they do not need as a whole.
  common:
    /\/harness\/(?:settings\/own-package|scenario\/file-problem|scenario\/file\/names|faults\/grammar\/code-frame|cli\/(?:stat-of|exit-code|config-file)|cli\/supervisor\/(?:find-scenarios|file-seal))\.ts|\/reporters\/report\/scenarios/,
  settings:
    /\/harness\/settings\/(?!old-node)|\/reporters\/(?:analyse\/gates|journal\/report-dir|write-reports)/,
  report: /\/reporters\/(?:analyse|render)\//,
  // Not what `--version` and an old Node need, nor what is loaded when a run goes wrong.
  'command-line':
    /\/harness\/cli\/(?:command-line|exit-code|forget-reports|output|program|setting-flags|commands\/(?:command|index|run)|supervisor\/[^/]+)\.ts/,
}

const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
const external = installed.filter((name) => !BUNDLED.includes(name))

const config: BuildOptions & { readonly output: object } = {
  input: Object.fromEntries(ENTRIES.map((name) => [name, `${name}.ts`])),
  platform: 'node',
  external: external.map((name) => new RegExp(`^${name}(?:/|$)`)),
  plugins: [licences(), compactLibraries(), precompiled(), executable(), publishedDeclarations()],
  transform: { target: `node${manifest.engines.node.replace('>=', '')}` },
  logLevel: 'warn',
  output: {
    dir: 'dist',
    // Comments are in the sources and in the declarations; an import reads what is built.
    comments: { legal: true, annotation: true, jsdoc: false },
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
    codeSplitting: {
      groups: [
        ...BUNDLED.map((name) => ({ name, test: new RegExp(`/node_modules/${name}/|/${name}\\.ts$`) })),
        ...Object.entries(TOGETHER).map(([name, test]) => ({ name, test })),
      ],
    },
  },
}

export default config

/** Puts the licence of each library beside what was taken of it. */
function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle() {
      for (const name of BUNDLED) {
        const source = readFileSync(`node_modules/${name}/LICENSE`)
        this.emitFile({ type: 'asset', fileName: `shared/${name}.LICENSE`, source })
      }
    },
  }
}

/**
 * Leaves out the white space of what is taken of libraries.
 */
function compactLibraries(): Plugin {
  return {
    name: 'compact-libraries',
    generateBundle(_options, bundle) {
      for (const name of BUNDLED) {
        const chunk = bundle[`shared/${name}.js`]
        if (chunk?.type !== 'chunk')
          throw new Error(`Expected the build to have a file of ${name}, got none.`)
        chunk.code = minifySync(`${name}.js`, chunk.code, { compress: false, mangle: false }).code
      }
    },
  }
}

/** Compiles the templates of the HTML page, once and not in each run. */
function precompiled(): Plugin {
  return {
    name: 'precompiled',
    load: {
      filter: { id: /\/reporters\/render\/html\/template-specs\.ts$/ },
      handler: () => `export const TEMPLATE_SPECS = ${precompileTemplates()}`,
    },
  }
}

/** Lets the command be started by its path. */
function executable(): Plugin {
  return {
    name: 'executable',
    writeBundle: ({ dir = '' }) => chmodSync(path.join(dir, 'harness/cli/bin.js'), 0o755),
  }
}

/** Leaves the declarations that an entry point leads to: of the other modules no program can name anything. */
function publishedDeclarations(): Plugin {
  return {
    name: 'published-declarations',
    writeBundle({ dir = '' }) {
      const reached = new Set<string>()
      for (const entry of Object.values(manifest.exports)) {
        const types =
          typeof entry === 'string' ? undefined : path.join(dir, path.relative('dist', entry.types))
        // What tests build for themselves has no declarations.
        if (types !== undefined && existsSync(types)) reach(path.resolve(types), reached)
      }
      for (const file of globSync(path.join(dir, '**/*.d.ts')).map((found) => path.resolve(found)))
        if (!reached.has(file)) for (const part of [file, `${file}.map`]) rmSync(part)
    },
  }
}

function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return
  reached.add(file)
  for (const [, module = ''] of readFileSync(file, 'utf8').matchAll(
    /\b(?:from |import\()["'](\.[^"']+)["']/g,
  ))
    reach(path.resolve(path.dirname(file), module.replace(/\.[jt]s$/, '.d.ts')), reached)
}
