import { SourceMap } from 'node:module'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sourceMapOf, type MappedLine } from '../../../../harness/vitest/plugin/source-map.ts'

const position = fc.record({
  line: fc.integer({ min: 1, max: 100_000 }),
  column: fc.integer({ min: 1, max: 500 }),
})
const lines: fc.Arbitrary<MappedLine[]> = fc.array(
  fc.record({ code: fc.constant('test()'), from: fc.option(position, { nil: undefined }) }),
  { minLength: 1 },
)

test('every line leads back to where it came from, as Node reads it', () => {
  fc.assert(
    fc.property(lines, (generated) => {
      const map = new SourceMap({ ...sourceMapOf(generated, '/a.scenario.yaml', 'text'), sourceRoot: '' })
      for (const [index, { from }] of generated.entries()) {
        const entry = map.findEntry(index, 0)
        // Node answers for a line without a mapping with the one before it.
        if (from === undefined) continue
        expect(entry).toMatchObject({
          originalSource: '/a.scenario.yaml',
          originalLine: from.line - 1,
          originalColumn: from.column - 1,
        })
      }
    }),
  )
})

test('a line that nobody wrote has no mapping', () => {
  const map = sourceMapOf(
    [
      { code: 'import', from: undefined },
      { code: 'test', from: { line: 3, column: 2 } },
    ],
    'a',
    'b',
  )
  expect(map.mappings).toBe(';AAEC')
  expect(map.sourcesContent).toEqual(['b'])
})
