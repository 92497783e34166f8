import { expect, test, vi } from 'vitest'

/** As it is when its module is loaded: the one of this process may have been given a script. */
async function fresh() {
  vi.resetModules()
  return (await import('../../../../harness/run/boundary/scripted-origins.ts')).scriptedOrigins
}

test('before a scenario has a script, and when it is over, it fits nothing: nock of others works', async () => {
  const origins = await fresh()
  expect(origins.test('api.test')).toBe(false)
  origins.script(['http://api.test'])
  expect(origins.test('api.test')).toBe(true)
  origins.script([])
  expect(origins.test('api.test')).toBe(false)
})

test('it fits the origins of the script, and any where the script names none', async () => {
  const origins = await fresh()
  origins.script(['http://api.test'])
  expect(origins.test('GET http://api.test:80/orders')).toBe(true)
  expect(origins.test('GET https://api.test:443/orders')).toBe(false)
  origins.script(['http://api.test', undefined])
  expect(origins.test('GET https://api.test:443/orders')).toBe(true)
})
