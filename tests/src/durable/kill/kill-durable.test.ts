import { expect, test } from 'vitest'
import { casesOf, nightly } from '../../../support/nightly.ts'
import { killDurable } from './kill-durable.ts'

test(
  'killed at any instant, durable runs are carried on: nothing that completed runs again, and nothing is lost',
  { timeout: nightly ? 1_800_000 : 180_000 },
  async () => {
    const { complaints, ...counts } = await killDurable(casesOf(50, 500))
    expect(complaints).toEqual([])
    // Were nothing interrupted, nothing would have been proved.
    expect(counts.interrupted).toBeGreaterThan(0)
    expect(counts.runs).toBeGreaterThan(0)
  },
)
