import { createEngine } from 'shakedown'
import { tenSteps } from './ten-steps.ts'

/** Heap after 100 000 runs of one engine, beside that after the first 1 000. */
export async function memory(): Promise<void> {
  const engine = createEngine()
  const node = tenSteps()
  const heapMb = async (runs: number): Promise<number> => {
    for (let i = 0; i < runs; i++) await engine.run(node, i)
    globalThis.gc?.()
    return process.memoryUsage().heapUsed / 1_048_576
  }
  const early = await heapMb(1_000)
  const late = await heapMb(99_000)
  console.log(
    `\nheap after 1 000 runs ${early.toFixed(1)} MB, after 100 000 ${late.toFixed(1)} MB  target: within 10 MB: ${late - early <= 10 ? 'met' : 'MISSED'}`,
  )
}
