import { afterAll } from 'vitest'

// Files that share a process and judge what the process does: what one leaves open, the next takes for its subject's.
afterAll(() => {
  const open = process.getActiveResourcesInfo().filter((resource) => /^(?:TCP|UDP)/.test(resource))
  if (open.length > 0)
    throw new Error(
      `Expected no socket to be left open, got ${open.join(', ')}. Close it, or list this file in ALONE of vitest.config.ts.`,
    )
})
