import { expectTypeOf, test } from 'vitest'
import type { StoredJson } from '../../../harness/faults/grammar/json.ts'
import type { Expectation } from '../../../harness/scenario/expectation.ts'
import type { ScenarioSpec } from '../../../harness/scenario/spec.ts'
import type { ScenarioDocument } from '../../../harness/scenario/schema.ts'

/** The same type without `readonly`: what is published is read-only, what zod infers is not. */
type Writable<T> = StoredJson extends T
  ? T
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T

/** What a scenario is made of; the other keys say how its file is read and whether it runs. */
type SpecOfDocument = Omit<ScenarioDocument, 'with' | 'only' | 'skip'>

test('the published types say exactly what the schema of scenario files says', () => {
  // The compiler is the judge.
  expectTypeOf<Writable<Expectation>>().toEqualTypeOf<Writable<ScenarioDocument['expect']>>()
  expectTypeOf<Writable<ScenarioSpec>>().toEqualTypeOf<Writable<SpecOfDocument>>()
  expectTypeOf<Writable<Omit<Expectation, 'order'>>>().not.toEqualTypeOf<
    Writable<ScenarioDocument['expect']>
  >()
})
