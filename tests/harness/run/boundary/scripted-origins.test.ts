import { afterEach, expect, test } from 'vitest'
import { scriptedOrigins as origins } from '../../../../harness/run/boundary/scripted-origins.ts'

afterEach(() => origins.script([]))

test('when a scenario is over, nothing fits: nock of others works', () => {
  origins.script(['http://api.test'])
  expect(origins.test('api.test')).toBe(true)
  origins.script([])
  expect(origins.test('api.test')).toBe(false)
  expect(origins.test('GET http://api.test:80/orders')).toBe(false)
})

test('the origins of the script fit, and any where the script names none', () => {
  origins.script(['http://api.test'])
  expect(origins.test('GET http://api.test:80/orders')).toBe(true)
  expect(origins.test('GET https://api.test:443/orders')).toBe(false)
  origins.script(['http://api.test', undefined])
  expect(origins.test('GET https://api.test:443/orders')).toBe(true)
})
