import { writeSync } from 'node:fs'
import { createEngine } from '../../../../../src/index.ts'
import { slow } from '../slow.ts'

// Runs a step that does not let go of its thread until it is killed: `blocked.ts FILE`.
const [file = ''] = process.argv.slice(2)
const forEver = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
const node = slow(() => writeSync(1, 'called'), forEver)
await createEngine({ audit: file }).run(node, undefined, { runId: 'r', durable: true })
