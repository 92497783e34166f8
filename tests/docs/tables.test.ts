import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { verbTable } from '../../harness/faults/points/points.ts'
import { oracles } from '../../harness/oracles/index.ts'
import { sameDigest } from '../../harness/oracles/same-digest.ts'

const read = (file: string): Promise<string> =>
  readFile(path.join(import.meta.dirname, '../..', file), 'utf8')

/** The verbs named in the README's row for points of this kind. */
async function documentedVerbs(kind: string): Promise<string[]> {
  const row = (await read('README.md')).split('\n').find((line) => line.startsWith(`| \`${kind}:`)) ?? ''
  const [, , faults = ''] = row.split('|')
  return [...faults.matchAll(/`(\w+)/g)].map(([, verb = '']) => verb).toSorted()
}

test.for(['step', 'http'] as const)(
  'the README names every fault of %s points, and no other',
  async (kind) => {
    const known = verbTable().flatMap(({ verb, kinds }) => (kinds.includes(kind) ? [verb] : []))
    expect(await documentedVerbs(kind)).toEqual([...new Set(known)].toSorted())
  },
)

test('the map of the harness lists every oracle by number and name', async () => {
  const rows = [...(await read('harness/README.md')).matchAll(/^\| (\d+) \| `([\w-]+)` \|/gm)]
  expect(rows.map(([, number, name]) => `${number} ${name}`)).toEqual(
    [...oracles, sameDigest]
      .map(({ number, name }) => `${number} ${name}`)
      .toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b)),
  )
})
