import { expect, test } from 'vitest'
import { killLoop } from './kill-loop.ts'

test(
  'a process killed at any instant loses nothing that it was told is committed',
  { timeout: 120_000 },
  async () => {
    const { reported, lost, complaints } = await killLoop(10)
    // Were nothing reported, nothing could be lost.
    expect(reported).toBeGreaterThan(0)
    expect({ lost, complaints }).toEqual({ lost: 0, complaints: [] })
  },
)
