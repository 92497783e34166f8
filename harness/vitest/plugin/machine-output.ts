import type { Vitest } from 'vitest/node'

/** Reporters of Vitest whose output is for programs. TAP has no file; the others can write one. */
const TAP = new Set(['tap', 'tap-flat'])
const FILED = new Set(['json', 'junit'])

/** What decides it, of a Vitest. */
type OutputWishes = Pick<Vitest, 'version'> & {
  readonly config: Pick<Vitest['config'], 'reporters' | 'outputFile'>
}

/**
 * Whether a program reads the standard output: `vitest run --reporter=json | jq …`. A summary for people in the middle
 * of it would make it unreadable.
 */
export function hasMachineOutput({ version, config }: OutputWishes): boolean {
  return config.reporters.some((entry: unknown) => {
    const [name, given]: unknown[] = Array.isArray(entry) ? entry : [entry]
    if (typeof name !== 'string') return false
    if (TAP.has(name)) return true
    if (!FILED.has(name)) return false
    const options: { outputFile?: unknown; stdout?: unknown } = given ?? {}
    const { outputFile } = config
    const common = typeof outputFile === 'object' ? Reflect.get(outputFile, name) : outputFile
    if ((options.outputFile ?? common) !== undefined) return false
    // Vitest 5 writes to a file of its own choice, unless it is told not to.
    return version.startsWith('4.') || options.stdout === true
  })
}
