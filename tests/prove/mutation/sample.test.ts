import { expect, test } from 'vitest'
import { sampled, type Place } from './sample.ts'

const LINES = Array.from({ length: 200 }, (_, index) => `const a${index} = b + ${index}`)

/** A mutant of each line's sum, as Stryker describes it. */
function mutantsOf(lines: readonly string[]): (Place & { readonly name: string })[] {
  return lines.flatMap((text, line) => {
    const column = text.indexOf('b +')
    if (column < 0) return []
    return {
      name: text.trim(),
      fileName: '/somewhere/a.ts',
      mutatorName: 'ArithmeticOperator',
      replacement: text.slice(column).replace('+', '-'),
      location: { start: { line, column }, end: { line, column: text.length } },
    }
  })
}

function namesIn(lines: readonly string[], file = 'src/a.ts'): string[] {
  return [...sampled(mutantsOf(lines), file, lines.join('\n'))].map(({ name }) => name)
}

test('about one mutant in four is chosen, the same ones every time', () => {
  const names = namesIn(LINES)
  expect(names.length).toBeGreaterThan(30)
  expect(names.length).toBeLessThan(70)
  expect(namesIn(LINES)).toEqual(names)
})

test('code that moves inside its file keeps its mutants', () => {
  const moved = ['import b from "b"', '', ...LINES.map((line) => `  ${line}`)]
  expect(namesIn(moved)).toEqual(namesIn(LINES))
})

test('code that changes is chosen anew, and nothing else is', () => {
  const changed = LINES.map((line, index) => (index < 100 ? `${line}000` : line))
  const after100 = (names: string[]): string[] => names.filter((name) => /^const a1\d\d/.test(name))
  expect(after100(namesIn(changed))).toEqual(after100(namesIn(LINES)))
  expect(namesIn(changed)).not.toEqual(namesIn(LINES))
})

test('equal code at another place is another mutant', () => {
  const chosen = sampled(mutantsOf(LINES.map(() => 'b + 1')), 'src/a.ts', LINES.map(() => 'b + 1').join('\n'))
  expect(chosen.size).toBeGreaterThan(0)
  expect(chosen.size).toBeLessThan(LINES.length)
})

test('two files do not share their choice', () => {
  expect(namesIn(LINES, 'src/other.ts')).not.toEqual(namesIn(LINES))
})
