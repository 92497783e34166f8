import { expect, test } from 'vitest'
import { fakeCall, fateOf, rejectionOf } from './fake-call.ts'

async function rejected(text: string): Promise<Error & Record<string, unknown>> {
  const call = fakeCall()
  const { thrown } = await rejectionOf(call.perform(text))
  expect(call.realCalls()).toBe(0)
  expect(call.signalsMade()).toBe(0)
  expect(thrown).toBeInstanceOf(Error)
  return thrown as Error & Record<string, unknown>
}

function failForReal(): never {
  throw new Error('real failure')
}

test('off runs the real thing and changes nothing about it', () => {
  expect(fakeCall().perform('off')).toBe('real')
  expect(() => fakeCall().perform('off', failForReal)).toThrow('real failure')
})

test('throw throws before there is a promise', () => {
  const call = fakeCall()
  expect(() => call.perform('throw("boom")')).toThrow('boom')
  expect(call.realCalls()).toBe(0)
})

test('throw after a wait can only reject', async () => {
  const call = fakeCall()
  const thrown = call.perform('throw("boom")@50')
  expect(await fateOf(thrown)).toBe('pending')
  call.world.timeline.fireNext()
  await expect(thrown).rejects.toThrow('boom')
})

test('reject without arguments says that the fault was injected', async () => {
  const error = await rejected('reject')
  expect(error.message).toBe('Injected fault')
  expect(Object.keys(error)).toEqual([])
})

test.each([
  ['reject(ECONNRESET)', { message: 'read ECONNRESET', code: 'ECONNRESET', syscall: 'read' }],
  ['reject(ECONNREFUSED)', { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', syscall: 'connect' }],
  ['reject(ETIMEDOUT)', { message: 'connect ETIMEDOUT', code: 'ETIMEDOUT', syscall: 'connect' }],
  [
    'reject(ENOTFOUND)',
    { message: 'getaddrinfo ENOTFOUND', code: 'ENOTFOUND', syscall: 'getaddrinfo', errno: -3008 },
  ],
  ['reject(ENOENT)', { message: 'ENOENT: no such file or directory', code: 'ENOENT', syscall: undefined }],
  ['reject(RATE_LIMITED)', { message: 'RATE_LIMITED', code: 'RATE_LIMITED', errno: undefined }],
  ['reject("ECONNRESET")', { message: 'ECONNRESET', code: undefined }],
  [
    'reject("slow down", code=E429, retryAfterMs=3s)',
    { message: 'slow down', code: 'E429', retryAfterMs: 3000 },
  ],
  ['reject("no", retryable=false)', { message: 'no', retryable: false }],
])('%s looks like what Node throws', async (text, expected) => {
  const error = await rejected(text)
  const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, error[key]]))
  expect(seen).toStrictEqual(expected)
})

test('the error numbers are those of this platform', async () => {
  const { constants } = await import('node:os')
  expect((await rejected('reject(ECONNRESET)'))['errno']).toBe(-constants.errno.ECONNRESET)
})

test('every call gets an error of its own', async () => {
  const call = fakeCall()
  const { thrown: first } = await rejectionOf(call.perform('reject(ECONNRESET)'))
  const { thrown: second } = await rejectionOf(call.perform('reject(ECONNRESET)'))
  expect(first).not.toBe(second)
})

test.each(['return', 'shape'])('%s resolves with a copy that the caller may change', async (verb) => {
  const call = fakeCall()
  const text = `${verb}({"items":[1,2]})`
  const first = (await call.perform(text)) as { items: number[] }
  first.items.push(3)
  expect(await call.perform(text)).toStrictEqual({ items: [1, 2] })
  expect(await call.perform(`${verb}(null)`)).toBeNull()
  expect(call.realCalls()).toBe(0)
})

test('hang settles neither in time nor by abort, and leaves nothing waiting', async () => {
  const call = fakeCall()
  const hanging = call.perform('hang')
  call.abort(new Error('enough'))
  expect(call.world.timeline.fireNext()).toBe(false)
  expect(await fateOf(hanging)).toBe('pending')
})

test('delay waits in virtual time and then runs the real thing', async () => {
  const call = fakeCall()
  const delayed = call.perform('delay(200)')
  expect(call.realCalls()).toBe(0)
  expect(call.world.timeline.points()).toEqual(['step:draft'])
  call.world.timeline.fireNext()
  expect(call.world.clock.monotonicMs()).toBe(200)
  expect(await delayed).toBe('real')
})

test('a delayed real thing that throws rejects', async () => {
  const call = fakeCall()
  const delayed = call.perform('delay(200)', failForReal)
  call.world.timeline.fireNext()
  await expect(delayed).rejects.toThrow('real failure')
})

test.each(['delay(200)', 'reject@200', 'off@200', 'return(1)@200'])(
  'an abort ends %s with its reason and releases the timer',
  async (text) => {
    const call = fakeCall()
    const reason = new Error('enough')
    const waiting = call.perform(text)
    call.abort(reason)
    expect(call.world.timeline.points()).toEqual([])
    expect(await fateOf(waiting)).toEqual({ thrown: reason })
    expect(call.realCalls()).toBe(0)
  },
)

test('a call that was aborted before does not wait at all', async () => {
  const call = fakeCall()
  call.abort('gone')
  expect(await fateOf(call.perform('delay(200)'))).toEqual({ thrown: 'gone' })
  expect(call.world.timeline.points()).toEqual([])
})

test('an abort after the wait changes nothing', async () => {
  const call = fakeCall()
  const delayed = call.perform('delay(200)')
  call.world.timeline.fireNext()
  call.abort(new Error('too late'))
  expect(await delayed).toBe('real')
})

test('an abort before the work has begun ends the wait of lose: nothing is done whose answer could get lost', async () => {
  const call = fakeCall()
  const lost = call.perform('lose(reset)@50')
  call.abort(new Error('timed out'))
  await expect(lost).rejects.toThrow('timed out')
  call.world.timeline.fireNext()
  expect(call.realCalls()).toBe(0)
})

test('late runs the real thing at once and gives its result later, deaf to aborts', async () => {
  const call = fakeCall()
  const late = call.perform('late(500)')
  expect(call.realCalls()).toBe(1)
  call.abort(new Error('timed out'))
  expect(await fateOf(late)).toBe('pending')
  call.world.timeline.fireNext()
  expect(call.world.clock.monotonicMs()).toBe(500)
  expect(await late).toBe('real')
  expect(call.signalsMade()).toBe(0)
})

test.each([
  [
    'throws',
    () => {
      throw new Error('real failure')
    },
  ],
  ['rejects', () => Promise.reject(new Error('real failure'))],
])('late fails late when the real thing %s', async (_how, real) => {
  const call = fakeCall()
  const late = call.perform('late(500)', real)
  expect(await fateOf(late)).toBe('pending')
  call.world.timeline.fireNext()
  await expect(late).rejects.toThrow('real failure')
})

test('lose lets the real thing do its work, and its answer never arrives', async () => {
  const call = fakeCall()
  await expect(call.perform('lose(reset)')).rejects.toMatchObject({
    code: 'ECONNRESET',
    message: 'read ECONNRESET',
  })
  expect(call.realCalls()).toBe(1)
  expect(await fateOf(call.perform('lose(hang)'))).toBe('pending')
  expect(call.realCalls()).toBe(2)
})

test('what the real thing itself fails with is no answer to lose', async () => {
  await expect(fakeCall().perform('lose(reset)', failForReal)).rejects.toThrow('real failure')
})

test('lateReject rejects later, deaf to aborts', async () => {
  const call = fakeCall()
  const late = call.perform('lateReject(500, EPIPE)')
  call.abort(new Error('timed out'))
  expect(await fateOf(late)).toBe('pending')
  call.world.timeline.fireNext()
  await expect(late).rejects.toMatchObject({ code: 'EPIPE', message: 'write EPIPE' })
  expect(call.realCalls()).toBe(0)
})

test('a wait before a fault that does not listen is not cut short either', async () => {
  const call = fakeCall()
  const late = call.perform('lateReject(500)@100')
  call.abort(new Error('timed out'))
  call.world.timeline.fireNext()
  call.world.timeline.fireNext()
  expect(call.world.clock.monotonicMs()).toBe(600)
  await expect(late).rejects.toThrow('Injected fault')
})

async function strange(name: string): Promise<unknown> {
  return (await rejectionOf(fakeCall().perform(`value(${name})`))).thrown
}

test('strange values are what they are called', async () => {
  expect(await strange('undefined')).toBeUndefined()
  expect(await strange('null')).toBeNull()
  expect(await strange('string')).toBe('a plain string was thrown')
  expect(typeof (await strange('symbol'))).toBe('symbol')
  const frozen = await strange('frozen')
  expect(frozen).toBeInstanceOf(Error)
  expect(Object.isFrozen(frozen)).toBe(true)
  const cyclic = (await strange('cyclic')) as Error
  expect(cyclic.cause).toBe(cyclic)
  expect(Object.getPrototypeOf(await strange('nullproto'))).toBeNull()
})

test('the thrown proxy throws whatever is done to it', async () => {
  const { thrown } = await rejectionOf(fakeCall().perform('value(proxy)'))
  const proxy = thrown as Record<string, unknown>
  expect(typeof proxy).toBe('object')
  const touches = [
    () => proxy['message'],
    () => (proxy['message'] = 1),
    () => 'message' in proxy,
    () => proxy instanceof Error,
    () => Object.keys(proxy),
    () => Object.getPrototypeOf(proxy),
    () => Object.freeze(proxy),
    () => Reflect.apply(String, undefined, [proxy]),
    () => JSON.stringify(proxy),
  ]
  for (const touch of touches) expect(touch).toThrow('a thrown proxy was touched')
})

test('huge resolves with that many bytes', async () => {
  const text = (await fakeCall().perform('huge(2MB)')) as string
  expect(Buffer.byteLength(text)).toBe(2_000_000)
  expect(await fakeCall().perform('huge(0)')).toBe('')
})
