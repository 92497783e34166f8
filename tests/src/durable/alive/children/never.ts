import { createEngine } from '../../../../../src/index.ts'
import { slow } from '../slow.ts'

// Runs a step that waits for what nothing in this process can bring: `never.ts FILE`.
const [file = ''] = process.argv.slice(2)
const node = slow(
  () => {},
  () => new Promise(() => {}),
)
await createEngine({ audit: file }).run(node, undefined, { durable: true })
