import { enableCompileCache } from 'node:module'

/*
 * What the supervisor starts: see vitest-work.ts. Compiled code is kept first, because Vitest, Vite and the plugin are
 * most of what a run loads before its first test.
 */
enableCompileCache()
const { serveSupervisor } = await import('./vitest-work.ts')
serveSupervisor()
