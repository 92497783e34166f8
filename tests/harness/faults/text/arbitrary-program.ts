import * as fc from 'fast-check'
import type { StoredJson } from '../../../../harness/faults/grammar/json.ts'
import type { Param, ParamType } from '../../../../harness/faults/grammar/param.ts'
import type { FaultProgram, FaultStep } from '../../../../harness/faults/grammar/program.ts'
import type { Verb } from '../../../../harness/faults/points/verb.ts'
import { listVerbs, type PointKind, type PointPattern } from '../../../../harness/faults/points/points.ts'

const json: fc.Arbitrary<StoredJson> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as StoredJson)

/** Values of a parameter's type, its limits among them. */
function valueOf(type: ParamType): fc.Arbitrary<StoredJson> {
  switch (type.kind) {
    case 'text':
      return fc.oneof(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.constantFrom('', '"', '\\', ' -> ', 'ECONNRESET'),
      )
    case 'code':
      return fc.oneof(
        fc.constantFrom('ECONNRESET', 'rate-limited', 'inf', 'off'),
        fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/),
      )
    case 'word':
      return fc.constantFrom(...type.words)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: type.min, max: type.max })
    case 'duration':
      return fc.oneof(
        fc.nat(),
        fc.double({ min: 0, max: 2_147_483_647, noNaN: true }).map((ms) => ms + 0),
      )
    case 'bytes':
      return fc.integer({ min: 0, max: 64_000_000 })
    case 'json':
      return json
    case 'seconds':
      return fc.oneof(
        fc.nat(),
        fc.double({ min: 0, max: 1e9, noNaN: true }).map((s) => s + 0),
        fc.constant('soon'),
      )
    case 'headers':
      return fc.constantFrom<StoredJson>({}, { 'x-request-id': '7' }, { Server: 'a b', etag: '"x"' })
  }
}

function positional(params: readonly Param[]): fc.Arbitrary<readonly StoredJson[]> {
  const required = params.filter((param) => param.required).length
  return fc
    .integer({ min: required, max: params.length })
    .chain((count) => fc.tuple(...params.slice(0, count).map((param) => valueOf(param.type))))
}

function named(options: readonly Param[]): fc.Arbitrary<Readonly<Record<string, StoredJson>>> {
  return fc.subarray([...options]).chain((given) =>
    fc.record(Object.fromEntries(given.map((option) => [option.name, valueOf(option.type)])), {
      noNullPrototype: true,
    }),
  )
}

function stepOf(verb: Verb): fc.Arbitrary<FaultStep> {
  const percent = fc.oneof(
    fc.constant(100),
    fc.integer({ min: 1, max: 100 }),
    fc.double({ min: 1e-9, max: 100, noNaN: true }),
  )
  const times = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 }))
  const afterMs = fc.oneof(fc.constant(0), valueOf({ kind: 'duration' }) as fc.Arbitrary<number>)
  const name = fc.constant(verb.name)
  return fc
    .tuple(percent, times, name, positional(verb.params), named(verb.options), afterMs)
    .map(([chance, count, word, args, options, wait]) => ({
      percent: chance,
      times: count,
      verb: word,
      args,
      named: options,
      afterMs: wait,
    }))
    .filter((step) => verb.conflict?.(step) === undefined)
}

/** Any valid program, over every verb of the kind (of all kinds without one) and all their arguments. */
export function arbitraryProgram(kind?: PointKind): fc.Arbitrary<FaultProgram> {
  const step = fc.oneof(...listVerbs(kind).map(stepOf))
  const list = fc.array(step, { minLength: 1, maxLength: 6 })
  return fc.tuple(list, fc.boolean(), fc.boolean()).map(([steps, forever, sticky]) => ({
    steps: steps.map((each, index) =>
      forever && index === steps.length - 1
        ? { ...each, times: Infinity, ...(sticky ? { sticky } : {}) }
        : each,
    ),
  }))
}

const plainName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ._/-]{0,20}$/).filter((name) => name === name.trim())
/** Paths as `fetch` sends them: dot segments are gone before anything is compared. */
const path = fc.webPath().map((each) => new URL(`http://host${each}`).pathname)
const query = fc.option(
  fc.webQueryParameters().map((each) => {
    const { searchParams } = new URL(`http://host/?${each}`)
    searchParams.sort()
    return searchParams.size === 0 ? '' : `?${searchParams.toString()}`
  }),
  { nil: '' },
)

/** Any valid pattern in its canonical spelling. */
export const arbitraryPattern: fc.Arbitrary<PointPattern> = fc
  .tuple(
    fc.constantFrom<PointKind>('step', 'fn', 'http', 'events'),
    plainName,
    fc.constantFrom('GET', 'POST', 'M-SEARCH', '*'),
    fc.tuple(path, query).map((parts) => parts.join('')),
    fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
    fc.option(json, { nil: undefined }),
  )
  .map(([kind, name, method, where, nth, input]) => {
    const called = kind === 'http' ? `${method} ${where}` : kind === 'step' ? name.replaceAll('/', '-') : name
    const pattern = { kind, name: called, nth }
    if (input === undefined || ` ${name} `.includes(' where ')) return pattern
    return { kind, name: called, nth, where: kind === 'http' ? { body: input } : input }
  })
