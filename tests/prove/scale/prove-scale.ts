import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { growthLine, growthOf, RATIO_MAX } from './growth.ts'
import { scenarioWorks } from './scenario-works.ts'
import { works } from './works.ts'

/**
 * `npm run prove:scale [word]` prints what a unit of work costs at three sizes, for all kinds of work or those whose name
 * has the word in it. Exit code 1 when one costs more than 1.3 times as much in a larger size.
 *
 * The young generation is large (`--min-semi-space-size`), so that what a run keeps fits in it: otherwise the table would
 * show at which size V8 begins to copy what survives, not whether the engine does more for each unit. 10 000 runs at once
 * keep more than its 64 MB, so their line has that cost in it: 52 of 66 µs a run, where 256 MB would leave 9 of 54.
 */
const wanted = process.argv[2] ?? ''
console.log(
  `Node ${process.version}. Processor time per unit, best of interleaved rounds; at most ${RATIO_MAX}× that of the smallest size.\n`,
)
const folder = mkdtempSync(join(tmpdir(), 'shakedown-scale-'))
let missed = 0
try {
  for (const work of [...works(folder), ...scenarioWorks].filter(({ name }) => name.includes(wanted))) {
    const growth = await growthOf(work)
    if (growth.ratio > RATIO_MAX) missed++
    console.log(growthLine(growth))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(missed === 0 ? '\nEvery kind of work is flat.' : `\nNot flat: ${missed} of the kinds of work.`)
process.exitCode = missed === 0 ? 0 : 1
