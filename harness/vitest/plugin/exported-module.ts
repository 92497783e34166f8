import { basename } from 'node:path'

/**
 * Makes a `*.scenario.ts` file a test file: after what it says, a few lines that turn what it exports into tests.
 * Nothing before them moves, so the file's own source map stays right.
 *
 * `import.meta.vitest` is there only in the file Vitest was asked to run: a test that imports scenarios from here does
 * not get them as tests of its own. The names are long because they share the file with its author's.
 *
 * @param worker path of the module that runs scenarios inside a Vitest worker
 */
export function withScenarioTests(code: string, file: string, worker: string): string {
  return `${code}
;import { afterAll as __shakedown_after__, test as __shakedown_test__ } from 'vitest';
import { closeTrails as __shakedown_close__, exportedScenarios as __shakedown_exported__ } from ${JSON.stringify(worker)};
import * as __shakedown_exports__ from ${JSON.stringify(`./${basename(file)}`)};
if (import.meta.vitest) {
  __shakedown_after__(__shakedown_close__)
  for (const scenario of __shakedown_exported__(__shakedown_exports__, ${JSON.stringify(file)})) {
    __shakedown_test__(scenario.name, scenario.options, scenario.run); scenario.locate()
  }
}
`
}
