import { pipeline, step } from '../../../../src/index.ts'

/** A pipeline whose step says who called it, and waits for what `wait` gives. */
export function slow(called: () => void, wait: () => unknown) {
  return pipeline(
    'slow',
    step('charge', async () => {
      called()
      await wait()
      return 'charged'
    }),
  )
}
