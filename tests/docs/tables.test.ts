import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { verbTable } from '../../harness/faults/points/points.ts'
import { oracles } from '../../harness/oracles/index.ts'
import { sameDigest } from '../../harness/oracles/same-digest.ts'
import { scenarioDocumentSchema } from '../../harness/scenario/schema.ts'
import { flagOf, negatedFlagOf, variableOf } from '../../harness/settings/names.ts'
import { ROWS } from '../../harness/settings/table.ts'

const read = (file: string): Promise<string> =>
  readFile(path.join(import.meta.dirname, '../..', file), 'utf8')

/** The verbs named in the README's row for points of this kind. */
async function documentedVerbs(kind: string): Promise<string[]> {
  const row = (await read('README.md')).split('\n').find((line) => line.startsWith(`| \`${kind}:`)) ?? ''
  const [, , faults = ''] = row.split('|')
  return [...faults.matchAll(/`(\w+)/g)].map(([, verb = '']) => verb).toSorted()
}

test.for(['step', 'http', 'events'] as const)(
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

test('the map of the harness lists every remark by its code', async () => {
  const folder = path.join(import.meta.dirname, '../../harness/run/judge')
  const sources = await Promise.all(
    (await readdir(folder)).map((file) => readFile(path.join(folder, file), 'utf8')),
  )
  const codes = sources
    .filter((source) => /\): (?:readonly )?Remark\b|remarks: \[/.test(source))
    .flatMap((source) => [...source.matchAll(/code: '(E_\w+)'/g)].map(([, code = '']) => code))
    .filter((code) => code !== 'E_EXPECT' && code !== 'E_ORACLE')
  const [, section = ''] = (await read('harness/README.md')).split('## Remarks\n')
  const [table = ''] = section.split('\n## ')
  expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)).toEqual(
    [...new Set(codes)].toSorted(),
  )
})

test("the README's table of keys has every key of a scenario file, in its order, with its words", async () => {
  const [, section = ''] = (await read('README.md')).split('### The keys of a scenario file\n')
  const [table = ''] = section.split('\n#')
  const rows = [...table.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, key = '', text = '']) => ({
    key,
    text,
  }))
  expect(rows.map(({ key }) => key)).toEqual(Object.keys(scenarioDocumentSchema.shape))
  const { http, timers, limits } = scenarioDocumentSchema.shape
  const words: Readonly<Record<string, readonly string[]>> = {
    http: http.unwrap().options,
    timers: timers.unwrap().options,
    limits: Object.keys(limits.unwrap().shape),
  }
  for (const [name, expected] of Object.entries(words)) {
    const text = rows.find(({ key }) => key === name)?.text ?? ''
    for (const word of expected) expect(text).toContain(`\`${word}\``)
  }
  expect(table).toContain('`shakedown/schema/scenario.json`')
})

/** Variables for tests of this repository are no business of the people who use the package. */
const PUBLIC_ROWS = ROWS.filter(({ name }) => name !== 'chrome')

test("the README's table of settings is the table of settings", async () => {
  // To write it again: vitest run tests/docs/tables --update
  const cell = (text: string, given: boolean): string => (given ? `\`${text}\`` : '–')
  const expected = PUBLIC_ROWS.map(({ name, places, preset, presetText, doc }) => {
    const flag = preset === true ? negatedFlagOf(name) : flagOf(name)
    return [
      cell(name, places.includes('plugin')),
      cell(flag, places.includes('flag')),
      cell(variableOf(name), places.includes('variable')),
      presetText ?? `\`${JSON.stringify(preset).replaceAll('"', '')}\``,
      doc,
    ].join(' | ')
  })
  const table = expected.map((row) => `| ${row} |\n`).join('')
  const readme = await read('README.md')
  const derived = readme.replace(/(?<=\n\| plugin option \|.*\n\|.*\n)(?:\|.*\n)+/, () => table)
  expect(derived).toContain(table)
  await expect(derived).toMatchFileSnapshot(path.join(import.meta.dirname, '../../README.md'))
})
