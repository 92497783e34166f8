import { createRegistry, functionAdapter, route } from 'shakedown'
import { expect, test } from 'vitest'

const local = functionAdapter('local', () => 1)

function messageOf(build: () => unknown): string[] {
  try {
    build()
  } catch (error) {
    return (error as Error).message.split('\n')
  }
  return []
}

test('everything that is wrong with a route is told at once, with its name and the nearest option', () => {
  const options = {
    adapters: [local],
    maxAttempts: 0,
    timeoutms: 5,
    strategy: 'fastest',
    orders: { ai_task: [] },
  }
  const lines = messageOf(() => route('ask', options as never))
  expect(lines).toHaveLength(4)
  expect(lines.every((line) => line.includes("route 'ask'"))).toBe(true)
  expect(lines.join('\n')).toMatch(/maxAttempts[\s\S]*Did you mean `timeoutMs`/)
})

test('everything that is wrong with adapters is told at once', () => {
  const adapters = [
    { name: 'no good/name', execute: 5, capabilities: 'llm', health: true },
    local,
    functionAdapter(' Local ', () => 1),
    null,
  ]
  expect(messageOf(() => createRegistry(adapters as never))).toEqual([
    "Expected `name` of adapter 1 of the registry to be text of 1 to 60 letters, digits, '.', '_' and '-' that begins with a letter or a digit, got \"no good/name\".",
    'Expected `execute` of adapter 1 of the registry to be a function (task, call) => result, got 5.',
    'Expected `capabilities` of adapter 1 of the registry to be a list of texts, got "llm".',
    'Expected `health` of adapter 1 of the registry to be a function, got true.',
    "Expected adapter 3 of the registry to have a name of its own, got 'local', which is that of adapter 2.",
    'Expected adapter 4 of the registry to be an adapter, such as functionAdapter(name, run) or httpAdapter({ … }), got null.',
  ])
  expect(messageOf(() => route('ask', { adapters: [] }))).toEqual([
    "Expected route 'ask' to have at least one adapter, got none.",
  ])
})

test('a registry has its own options: a route that shares it is given none of them', () => {
  const shared = { adapters: createRegistry([local]), breaker: false, health: true }
  expect(messageOf(() => route('ask', shared as never))).toEqual([
    "Expected `breaker` of route 'ask' to be given to createRegistry, whose registry it uses.",
    "Expected `health` of route 'ask' to be given to createRegistry, whose registry it uses.",
  ])
})
