import { moduleFacts } from './module-facts.ts'
import { isTypeScript } from './source-tree.ts'
import type { SourceFile, Violation } from './source-tree.ts'

/** The engine's clock is its world; `new Date()` is the one clock read that the linter's `Date.now` rule cannot see. */
export function engineDates(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(
      (file) => isTypeScript(file) && file.path.startsWith('src/') && !file.path.startsWith('src/world/'),
    )
    .flatMap((file) =>
      moduleFacts(file).currentDateLines.map((line) => ({
        path: file.path,
        line,
        message: 'expected the date to come from world.clock.wallMs(), got the current date',
      })),
    )
}
