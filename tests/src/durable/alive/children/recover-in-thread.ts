import { workerData } from 'node:worker_threads'
import { createEngine } from '../../../../../src/index.ts'
import { slow } from '../slow.ts'

// Recovers the runs of a file in another thread of the process that is at work on them.
let calls = 0
const pipelines = [
  slow(
    () => calls++,
    () => {},
  ),
]
await using engine = createEngine({ audit: workerData as string, pipelines })
const kinds = (await engine.recover()).map(({ kind }) => kind)
process.stdout.write(JSON.stringify({ kinds, calls }))
