import { fallback, handleAll } from 'cockatiel'
import { createEngine, step } from 'shakedown'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'

export async function fallbacks(): Promise<void> {
  const primary = async (_: number): Promise<number> => {
    throw new Error('Original error')
  }
  const backup = async (n: number): Promise<number> => n + 1
  const engine = createEngine()
  const node = step('primary', primary).fallback(step('backup', backup))
  const policy = fallback(handleAll, () => backup(1))
  const rows = await measure(
    [
      {
        name: 'try/catch that keeps both',
        run: async (times) => {
          for (let i = 0; i < times; i++) await keepBoth(primary, backup, i)
        },
      },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, i)
        },
      },
      {
        name: 'cockatiel fallback (keeps neither)',
        run: async (times) => {
          for (let i = 0; i < times; i++) await policy.execute(() => primary(i))
        },
      },
    ],
    { rounds: 40, times: 5_000 },
  )
  printRows('primary throws, fallback succeeds, both records kept', rows, { [OURS]: 1.3 })
}

/** What a careful person writes by hand to have both attempts on record. */
async function keepBoth(
  primary: (n: number) => Promise<number>,
  backup: (n: number) => Promise<number>,
  input: number,
) {
  const startedMs = performance.now()
  try {
    const output = await primary(input)
    return {
      success: true,
      output,
      attempts: [{ name: 'primary', success: true, output, latencyMs: performance.now() - startedMs }],
    }
  } catch (error) {
    const primaryRecord = {
      name: 'primary',
      success: false,
      error,
      feedback: (error as Error).message,
      latencyMs: performance.now() - startedMs,
    }
    const backupStartedMs = performance.now()
    const output = await backup(input)
    const backupRecord = {
      name: 'backup',
      success: true,
      output,
      latencyMs: performance.now() - backupStartedMs,
    }
    return { success: true, output, attempts: [primaryRecord, backupRecord] }
  }
}
