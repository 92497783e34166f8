import { FaultSyntaxError } from '../faults/grammar/fault-errors.ts'
import { parseFaultProgram } from '../faults/text/parse.ts'
import { parsePoint, parsePointPattern } from '../faults/text/point-pattern.ts'

/** Text of a scenario that is not in the fault grammar. */
export interface FaultMistake {
  readonly path: readonly (string | number)[]
  /** Whether the mistake is in the key or in its value, and how many UTF-16 units into it. */
  readonly part: 'key' | 'value'
  readonly offset: number
  readonly message: (place: string) => string
}

/**
 * Reads every fault program and boundary point of a scenario, and gives back what cannot be read. Takes the scenario
 * as written, so that mistakes here are told together with those of its shape; what has the wrong shape is passed over.
 */
export function checkFaults(scenario: unknown): readonly FaultMistake[] {
  const mistakes: FaultMistake[] = []
  const read = <T>(path: FaultMistake['path'], part: FaultMistake['part'], parse: () => T): T | undefined => {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof FaultSyntaxError)) throw error
      mistakes.push({ path, part, offset: error.offset, message: (place) => sentence(error, place) })
      return undefined
    }
  }
  for (const [point, program] of entriesOf(member(scenario, 'faults'))) {
    const pattern = read(['faults', point], 'key', () => parsePointPattern(point))
    if (pattern === undefined || typeof program !== 'string') continue
    read(['faults', point], 'value', () => parseFaultProgram(program, { kind: pattern.kind }))
  }
  const expect = member(scenario, 'expect')
  for (const [point] of entriesOf(member(expect, 'calls'))) {
    read(['expect', 'calls', point], 'key', () => parsePoint(point))
  }
  const order = member(expect, 'order')
  for (const [index, point] of (Array.isArray(order) ? order : []).entries()) {
    if (typeof point === 'string') read(['expect', 'order', index], 'value', () => parsePoint(point))
  }
  return mistakes
}

function member(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1]
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

function sentence({ expected, got, suggestion, hint }: FaultSyntaxError, place: string): string {
  const didYouMean = suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`
  return `Expected ${expected} in ${place}, got ${got}.${didYouMean}${hint === undefined ? '' : ` ${hint}`}`
}
