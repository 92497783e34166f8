import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { scenarioJsonSchema } from '../../../harness/scenario/json-schema.ts'

const validate = new Ajv2020({ strict: false }).compile(scenarioJsonSchema())

test('the committed JSON Schema is the one the loader checks with (update it with `vitest -u`)', async () => {
  const committed = '../../../harness/scenario/scenario.schema.json'
  await expect(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(committed)
})

test('every scenario that is shipped satisfies it', () => {
  const folder = new URL('../../../scenarios/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.scenario.yaml'),
  )
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    for (const document of parseAllDocuments(readFileSync(new URL(file, folder), 'utf8'))) {
      expect([file, validate(document.toJS()), validate.errors]).toEqual([file, true, null])
    }
  }
})

test('it marks what the loader refuses, and lets columns of a table stand for numbers', () => {
  const good = { name: 'x', subject: './a.ts#b' }
  expect(validate({ ...good, expect: { virtualMs: 300, attempts: { draft: { min: 1 } } } })).toBe(true)
  expect(validate({ ...good, expect: { virtualMs: '${ms}' }, with: [{ ms: 1 }] })).toBe(true)
  expect(validate({ ...good, expect: { virtualMs: 'soon' } })).toBe(false)
  expect(validate({ ...good, fautls: {} })).toBe(false)
  expect(validate({ name: 'x' })).toBe(false)
})

test('every key says what it is for', () => {
  const { properties } = scenarioJsonSchema() as { properties: Record<string, { description?: string }> }
  expect(Object.entries(properties).filter(([, { description }]) => description === undefined)).toEqual([])
})
