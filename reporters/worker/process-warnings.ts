import { afterAll, TestRunner } from 'vitest'
import type { ProcessWarnings } from '../collect/task-meta.ts'
import { keepCompiledCode } from './compile-cache.ts'

/*
 * Called by a setup file, which Vitest runs in the worker before each test file. It counts what `process.emitWarning`
 * and Node itself warn of, which go past Vitest, and leaves one summary in the file's meta for the reporter to fetch.
 */

/** Different warnings kept per file; one with more prints data, not warnings. */
const MESSAGES_MAX = 50
/** First texts are kept up to here. */
const TEXT_CHARS_MAX = 2_000

/** Workers that run several files may import this file several times, but have one process to listen to. */
const KEY = Symbol.for('shakedown:process-warnings')

interface Counter {
  readonly byShape: Map<string, { readonly text: string; count: number }>
  overflow: number
  /** The real one: the tests of an earlier file may have left fake timers behind. */
  readonly nextTurn: typeof setImmediate
}

/** Counts what is warned of while the test file runs whose turn it is. */
export function countProcessWarnings(): void {
  keepCompiledCode()
  const counter = sharedCounter()
  const { file } = TestRunner.getCurrentSuite()
  afterAll(async () => {
    // Node tells listeners of a warning one tick later.
    await new Promise((resolve) => void counter.nextTurn(resolve))
    const summary: ProcessWarnings = { messages: [...counter.byShape.values()], overflow: counter.overflow }
    counter.byShape.clear()
    counter.overflow = 0
    if (file && summary.messages.length > 0)
      file.meta.shakedown = { ...file.meta.shakedown, processWarnings: summary }
  })
}

function sharedCounter(): Counter {
  const shared = globalThis as { [KEY]?: Counter }
  if (shared[KEY]) return shared[KEY]
  const created: Counter = { byShape: new Map(), overflow: 0, nextTurn: setImmediate }
  process.on('warning', (warning) => count(created, warning))
  return (shared[KEY] = created)
}

function count(into: Counter, { name, message }: Error): void {
  const text = `${name}: ${message}`.slice(0, TEXT_CHARS_MAX)
  // Warnings that differ in numbers only are one; the reporter folds the rest.
  const shape = text.replaceAll(/\d+/g, '#')
  const known = into.byShape.get(shape)
  if (known) known.count += 1
  else if (into.byShape.size < MESSAGES_MAX) into.byShape.set(shape, { text, count: 1 })
  else into.overflow += 1
}
