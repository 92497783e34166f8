/** Things that programs throw although they should not; each breaks another assumption of error handling. */
export type StrangeValue =
  | 'undefined'
  | 'null'
  | 'string'
  | 'symbol'
  | 'frozen'
  | 'cyclic'
  | 'proxy'
  | 'nullproto'

export const strangeValues: readonly StrangeValue[] = [
  'undefined',
  'null',
  'string',
  'symbol',
  'frozen',
  'cyclic',
  'proxy',
  'nullproto',
]

/** Makes the strange value of this name, a new one for each call. */
export function makeStrangeValue(name: StrangeValue): unknown {
  switch (name) {
    case 'undefined':
      return undefined
    case 'null':
      return null
    case 'string':
      return 'a plain string was thrown'
    case 'symbol':
      return Symbol('thrown')
    case 'frozen':
      return Object.freeze(new Error('a frozen error was thrown'))
    case 'cyclic':
      return cyclicError()
    case 'proxy':
      return hostileProxy()
    case 'nullproto':
      return Object.assign(Object.create(null), { message: 'an object without prototype was thrown' })
  }
}

/** An error whose cause is itself: code that walks the chain without looking never comes back. */
function cyclicError(): Error {
  const error = new Error('a cyclic error was thrown')
  error.cause = error
  return error
}

/**
 * An object that throws whatever is done to it: reading, `in`, `instanceof`, spreading, printing. Its handler is itself
 * a proxy, so that every trap there is or will be throws.
 */
function hostileProxy(): object {
  return new Proxy({}, new Proxy({}, { get: () => refuse }))
}

function refuse(): never {
  throw new TypeError('a thrown proxy was touched')
}
