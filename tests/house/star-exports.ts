import { moduleFacts } from './module-facts.ts'
import { isTypeScript } from './source-tree.ts'
import type { SourceFile, Violation } from './source-tree.ts'

/** Exports are named one by one, so that the public surface changes only where somebody wrote it down. */
export function starExports(files: readonly SourceFile[]): Violation[] {
  return files.filter(isTypeScript).flatMap((file) =>
    moduleFacts(file).starExportLines.map((line) => ({
      path: file.path,
      line,
      message: 'expected explicit exports, got export *',
    })),
  )
}
