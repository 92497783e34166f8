import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describeThrown } from '../../../src/base/serialize-error.ts'
import { ShakedownError } from '../../../src/base/errors.ts'

/** Kept equal to the peer range `>=4.1 <6` of package.json by a test. */
export const VITEST_RANGE = '>=4.1 <6'

/** The project's own Vitest. */
export interface FoundVitest {
  readonly version: string
  /** URL of its `vitest/node` module, to be imported. */
  readonly nodeUrl: string
}

/**
 * Finds the Vitest that the project in `cwd` uses: its plugins and its tests must meet the same copy.
 *
 * @throws ShakedownError `E_VITEST_MISSING`, `E_VITEST_UNSUPPORTED`
 */
export function findVitest(cwd: string): FoundVitest {
  // Resolution starts at a file; this one need not exist.
  const { resolve } = createRequire(path.join(cwd, 'package.json'))
  const manifest = manifestOf(resolve)
  if (manifest === undefined) {
    throw new ShakedownError(
      'E_VITEST_MISSING',
      `Expected Vitest to be installed where ${cwd} can import it, got none.`,
      { hint: `shakedown needs Vitest ${VITEST_RANGE}: \`npm install --save-dev vitest\`.` },
    )
  }
  const version = versionOf(manifest)
  if (!isSupported(version)) {
    throw unsupported(`${version} at ${path.dirname(manifest)}`)
  }
  return { version, nodeUrl: pathToFileURL(resolve('vitest/node')).href }
}

function manifestOf(resolve: NodeJS.RequireResolve): string | undefined {
  try {
    return resolve('vitest/package.json')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    throw unsupported(`one that cannot be loaded: ${describeThrown(error)}`)
  }
}

function unsupported(got: string): ShakedownError {
  return new ShakedownError('E_VITEST_UNSUPPORTED', `Expected Vitest ${VITEST_RANGE}, got ${got}.`, {
    hint: 'Install a supported one: `npm install --save-dev vitest@5`.',
  })
}

function versionOf(manifest: string): string {
  try {
    const data: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
    if (typeof data === 'object' && data !== null && 'version' in data) return String(data.version)
  } catch {
    // A manifest that cannot be read belongs to an installation that cannot be used.
  }
  return 'a copy without a version'
}

function isSupported(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  return major === '5' || (major === '4' && Number(minor) >= 1)
}
