import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A folder of its own, removed with everything in it at the end of the scope. */
export function tempDir(): { readonly path: string } & Disposable {
  const dir = mkdtempSync(path.join(tmpdir(), 'shakedown-reporters-'))
  return { path: dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}
