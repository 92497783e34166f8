import { expect, test } from 'vitest'
import { FaultSyntaxError } from '../../../../harness/faults/grammar/fault-errors.ts'
import { parseFaultProgram, type ParseOptions } from '../../../../harness/faults/text/parse.ts'

const step = { percent: 100, times: 1, args: [], named: {}, afterMs: 0 }

function refusal(text: string, options?: ParseOptions): FaultSyntaxError {
  try {
    parseFaultProgram(text, options)
  } catch (error) {
    if (error instanceof FaultSyntaxError) return error
    throw error
  }
  throw new Error(`${text} was read`)
}

test('a program is read into steps with counts, chances, arguments and waits', () => {
  expect(parseFaultProgram('2%3*reject(ECONNRESET)@50 -> inf*off')).toStrictEqual({
    steps: [
      { percent: 2, times: 3, verb: 'reject', args: [], named: { code: 'ECONNRESET' }, afterMs: 50 },
      { ...step, times: Infinity, verb: 'off' },
    ],
  })
})

test('a bare word is a code and a text in quotes is a message, even if it looks like a code', () => {
  expect(parseFaultProgram('reject(rate-limited)').steps).toStrictEqual([
    { ...step, verb: 'reject', named: { code: 'rate-limited' } },
  ])
  expect(parseFaultProgram('reject("ECONNRESET")').steps).toStrictEqual([
    { ...step, verb: 'reject', args: ['ECONNRESET'] },
  ])
})

test('JSON arguments are data, whatever their keys are called', () => {
  const [read] = parseFaultProgram(
    'return({"__proto__": {"a": 1}, "b": [true, null, "é\\n\\ud83d\\udca5"]})',
  ).steps
  const expected: unknown = JSON.parse('{"__proto__": {"a": 1}, "b": [true, null, "é\\n💥"]}')
  expect(read!.args).toStrictEqual([expected])
  expect(Object.hasOwn(read!.args[0] as object, '__proto__')).toBe(true)
})

test.each([
  // Empty and unfinished programs.
  ['', 0, 'a fault program such as `3*reject(ECONNRESET) -> off`', 'the end of the text'],
  ['  ', 2, 'a fault program', 'the end of the text'],
  ['off ->', 6, 'a step after `->`', 'the end of the text'],
  ['off -> ', 7, 'a step after `->`', 'the end of the text'],
  ['-> off', 0, 'a verb', '`-`'],
  ['off -> -> off', 7, 'a verb', '`-`'],
  ['off off', 4, '`->` or the end', '`off`'],
  ['off - > off', 4, '`->` or the end', '`-`'],
  ['inf*hang -> off', 9, 'nothing after a step that repeats forever', 'another step'],
  // Counts and chances.
  ['-3*reject', 0, 'a count from 1* to 1000000*, or inf*', '`-3*`'],
  ['0*reject', 0, 'a count from 1*', '`0*`'],
  ['1.5*reject', 0, 'a count from 1*', '`1.5*`'],
  ['1000001*reject', 0, 'a count from 1*', '`1000001*`'],
  ['120%reject', 0, 'a chance above 0% and up to 100%', '`120%`'],
  ['0%reject', 0, 'a chance above 0% and up to 100%', '`0%`'],
  ['2%2%reject', 2, 'one chance per step', '`2%`'],
  ['3*2%reject', 2, 'a chance comes before it', '`2`'],
  ['3 reject', 0, 'a count such as 3* or a chance such as 2%', '`3`'],
  ['03*reject', 0, 'a number without leading zeros', '`03`'],
  ['1e999*reject', 0, 'a finite number', '`1e999`'],
  ['3*', 2, 'a verb', 'the end of the text'],
  // Waits.
  ['reject@', 7, 'a duration from 0 to 2147483647 ms', 'the end of the text'],
  ['reject@-50', 7, 'a duration', '`-50`'],
  ['reject@5m', 7, 'a duration', '`5m`'],
  ['reject@50@50', 9, '`->` or the end', '`@`'],
  // Arguments: how many.
  ['delay', 5, '`ms` of `delay`, a duration', 'none'],
  ['delay -> off', 5, '`ms` of `delay`, a duration', 'none'],
  ['delay()', 6, '`ms` of `delay`, a duration', '`)`'],
  ['delay(1, 2)', 9, 'at most 1 positional of `delay`', '`2`'],
  ['off(1)', 4, 'no positional arguments of `off`', '`1`'],
  ['reject("a",)', 11, 'an argument', '`)`'],
  ['reject("a"', 10, '`,` or `)`', 'the end of the text'],
  ['reject("a" "b")', 11, '`,` or `)`', '`"`'],
  // Arguments: types and ranges.
  ['status(999)', 7, '`code` of `status` to be an integer from 200 to 599', '`999`'],
  ['status(50.5)', 7, 'an integer from 200 to 599', '`50.5`'],
  ['status("503")', 7, 'an integer from 200 to 599', '`"503"`'],
  ['delay(-1)', 6, '`ms` of `delay` to be a duration', '`-1`'],
  ['delay(40B)', 6, '`ms` of `delay` to be a duration', '`40B`'],
  ['delay(2147483648)', 6, 'a duration from 0 to 2147483647 ms', '`2147483648`'],
  ['huge(1.5B)', 5, 'a size', '`1.5B`'],
  ['huge(2s)', 5, 'a size', '`2s`'],
  ['huge(65MB)', 5, 'a size from 0 to 64000000 bytes', '`65MB`'],
  ['reject(null)', 7, 'an error code such as ECONNRESET', '`null`'],
  ['reject(12)', 7, '`message` of `reject` to be a text in double quotes', '`12`'],
  ['reject("a", retryable=1)', 22, '`retryable` of `reject` to be true or false', '`1`'],
  ['value("undefined")', 6, 'one of undefined, null', '`"undefined"`'],
  ['return(undefined)', 7, 'a JSON value', '`undefined`'],
  ['status(204, body={})', 17, 'no body, because status 204 cannot have one', '`{}`'],
  // Named arguments.
  ['reject(retryable=true, "a")', 23, 'positional arguments before named ones', '`"a"`'],
  ['reject(X, code=Y)', 10, '`code` once', '`code=`'],
  ['status(429, retry-after=3, retry-after=4)', 27, '`retry-after` once', '`retry-after=`'],
  ['status(429, =3)', 12, 'an argument', '`=`'],
  ['status(429, retry-after=)', 24, 'an argument', '`)`'],
  ['delay(ms=200)', 6, 'no named arguments of `delay`', '`ms=`'],
  // JSON.
  ['return({"a": 1, "a": 2})', 16, 'every key of the object once', '`"a"`'],
  ['return({a: 1})', 8, 'a key in double quotes', '`a`'],
  ['return([1 2])', 10, '`,` or `]`', '`2`'],
  ['return({"a" 1})', 12, '`:` after the key', '`1`'],
  ['return([1,])', 10, 'a JSON value', '`]`'],
  ['return("a', 9, '`"` to end the string that starts at offset 7', 'the end of the text'],
  ['return("\\x41")', 8, 'one of the escapes', '`\\`'],
  ['return("\\u12")', 8, 'four hexadecimal digits', '`\\u`'],
  ['return("a\nb")', 9, 'control characters in a string to be escaped', 'U+000A'],
  [`return(${'['.repeat(70)})`, 72, 'JSON nested at most 64 deep', '`[`'],
  // Characters that only look like white space.
  ['off\u00A0-> off', 3, '`->` or the end', 'U+00A0'],
])('%j is refused at offset %i', (text, offset, expected, got) => {
  const error = refusal(text)
  expect(error.expected).toContain(expected)
  expect(error.got).toBe(got)
  expect(error.offset).toBe(offset)
})

test('a program of 64 steps is read, one of 65 is not', () => {
  expect(parseFaultProgram(Array(64).fill('off').join('->')).steps).toHaveLength(64)
  const error = refusal(Array(65).fill('off').join('->'))
  expect(error.expected).toBe('at most 64 steps')
  expect(error.offset).toBe(64 * 5 - 2)
})

test('a text of 4096 characters is read, one more is not', () => {
  expect(parseFaultProgram(`return("${'x'.repeat(4096 - 10)}")`).steps).toHaveLength(1)
  const error = refusal(`return("${'x'.repeat(4097 - 10)}")`)
  expect(error.expected).toBe('a fault program of at most 4096 characters')
  expect(error.got).toBe('4097')
  expect(error.offset).toBe(4096)
})

test.each([
  ['rejct', 'step', 'reject'],
  ['3*Reject', 'fn', 'reject'],
  ['lateRejct(5)', 'step', 'lateReject'],
  ['statsu(503)', 'http', 'status'],
  ['value(undefind)', 'step', 'undefined'],
  ['reject("a", retriable=false)', 'step', 'retryable'],
  ['status(429, retryAfter=3)', 'http', 'retry-after'],
] as const)('%s at %s points suggests `%s`', (text, kind, suggestion) => {
  const error = refusal(text, { kind })
  expect(error.suggestion).toBe(suggestion)
  expect(error.message).toContain(`Did you mean \`${suggestion}\`?`)
})

test('nothing is suggested for a word that resembles none', () => {
  expect(refusal('frobnicate').suggestion).toBeUndefined()
  expect(refusal('frobnicate').message).not.toContain('Did you mean')
})

test('a verb of another kind of point is named as such', () => {
  const error = refusal('2*refused -> off', { kind: 'step' })
  expect(error.expected).toBe('a verb of step points')
  expect(error.got).toBe('`refused`, a verb of http points')
  expect(error.hint).toBe(
    'step points have off, delay, throw, reject, lose, return, shape, hang, late, lateReject, value, huge.',
  )
  expect(refusal('reject', { kind: 'http' }).got).toBe(
    '`reject`, a verb of step and fn and events and adapter points',
  )
  expect(parseFaultProgram('2*refused -> off', { kind: 'http' }).steps).toHaveLength(2)
})

test('verbs that are planned but not there are unknown', () => {
  for (const verb of ['stream(3, reject)', 'ignoreAbort', 'tls', 'badChunk']) {
    expect(refusal(verb).expected).toBe('a verb')
  }
})

test('the hint of a wrong argument shows how the verb is written', () => {
  expect(refusal('delay("soon")').hint).toBe('Write `delay(ms)`, for example `delay(200)`.')
  expect(refusal('status(999)').hint).toContain(
    'Write `status(code, retry-after=…, retry-at=…, body=…, text=…, headers=…)`',
  )
})
