import { bare, keyOf, part, parts, type SyntaxNode, textOf, word } from './syntax.ts'

/** What a name or an expression of a test stands for, as far as mocks go. */
export type Meaning =
  /** Something of a module, or made by it; `*` is all that it exports. */
  | { readonly kind: 'module'; readonly specifier: string; readonly name: string }
  /** `import * as vitest from 'vitest'` */
  | { readonly kind: 'vitest' }
  /** `vi` */
  | { readonly kind: 'vi' }
  /** `vi.mock`, or what was taken out of it. */
  | { readonly kind: 'method'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  /** A function, or an object with one: what can stand in for the real thing. `isMock`: it was made by `vi.fn()`. */
  | { readonly kind: 'function'; readonly isMock: boolean }

/** The names of a part of a module, and of what is around it. */
export class Scope {
  readonly #names = new Map<string, Meaning | undefined>()
  readonly #around: Scope | undefined

  constructor(around?: Scope) {
    this.#around = around
  }

  declare(name: string, meaning: Meaning | undefined): void {
    this.#names.set(name, meaning)
  }

  /** Gives a name that was declared here or around what it stands for from now on. */
  assign(name: string, meaning: Meaning): void {
    const scope = this.#of(name)
    scope?.declare(name, meaning)
  }

  meaningOf(name: string): Meaning | undefined {
    const scope = this.#of(name)
    if (scope !== undefined) return scope.#names.get(name)
    return name === 'vi' || name === 'vitest' ? { kind: 'vi' } : undefined
  }

  /** Nothing of the module has this name: it is what the language has. */
  isGlobal(name: string): boolean {
    return this.#of(name) === undefined
  }

  #of(name: string): Scope | undefined {
    if (this.#names.has(name)) return this
    return this.#around === undefined ? undefined : this.#around.#of(name)
  }
}

/** What an expression stands for; `undefined` for nothing that matters here. */
export function meaningOf(node: SyntaxNode | undefined, scope: Scope): Meaning | undefined {
  const expression = bare(node)
  if (expression === undefined) return undefined
  const text = textOf(expression)
  if (text !== undefined) return { kind: 'text', text }
  switch (expression.type) {
    case 'Identifier':
      return scope.meaningOf(word(expression, 'name') ?? '')
    case 'MemberExpression':
      return memberOf(meaningOf(part(expression, 'object'), scope), keyOf(expression, 'property'))
    case 'AwaitExpression':
      return meaningOf(part(expression, 'argument'), scope)
    case 'AssignmentExpression':
      return meaningOf(part(expression, 'right'), scope)
    case 'ImportExpression':
      return moduleNamed(part(expression, 'source'), scope)
    case 'NewExpression':
      return ofModule(meaningOf(part(expression, 'callee'), scope))
    case 'CallExpression':
      return madeBy(expression, scope)
    case 'ConditionalExpression':
      return eitherOf(expression, ['consequent', 'alternate'], scope)
    case 'LogicalExpression':
      return eitherOf(expression, ['left', 'right'], scope)
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassExpression':
      return { kind: 'function', isMock: false }
    case 'ObjectExpression':
      return functionsIn(expression, scope)
    default:
      return undefined
  }
}

/** What a property of something stands for. */
export function memberOf(owner: Meaning | undefined, key: string | undefined): Meaning | undefined {
  switch (owner?.kind) {
    case 'module':
      return owner.name === '*' && key !== undefined ? { ...owner, name: key } : owner
    case 'vitest':
      return key === 'vi' || key === 'vitest' ? { kind: 'vi' } : undefined
    case 'vi':
      return key === undefined ? undefined : { kind: 'method', name: key }
    case 'function':
      return owner
    default:
      return undefined
  }
}

function moduleNamed(source: SyntaxNode | undefined, scope: Scope): Meaning | undefined {
  const meaning = meaningOf(source, scope)
  return meaning?.kind === 'text' ? { kind: 'module', specifier: meaning.text, name: '*' } : undefined
}

function madeBy(call: SyntaxNode, scope: Scope): Meaning | undefined {
  const callee = bare(part(call, 'callee'))
  const [first] = parts(call, 'arguments')
  const maker = meaningOf(callee, scope)
  if (maker?.kind === 'method') return madeByVi(maker.name, first, scope)
  // `vi.fn().mockReturnValue(1)`
  if (maker?.kind === 'function') return maker.isMock ? maker : undefined
  if (callee?.type !== 'Identifier') return undefined
  if (word(callee, 'name') === 'require' && scope.isGlobal('require')) return moduleNamed(first, scope)
  return ofModule(maker)
}

function madeByVi(method: string, first: SyntaxNode | undefined, scope: Scope): Meaning | undefined {
  switch (method) {
    case 'fn':
      return { kind: 'function', isMock: true }
    case 'importActual':
    case 'importMock':
      return moduleNamed(first, scope)
    case 'mocked':
      return meaningOf(first, scope)
    // `vi.hoisted(() => import('./a'))`
    case 'hoisted':
      return meaningOf(part(bare(first), 'body'), scope)
    default:
      return undefined
  }
}

function ofModule(meaning: Meaning | undefined): Meaning | undefined {
  return meaning?.kind === 'module' ? meaning : undefined
}

function eitherOf(node: SyntaxNode, keys: readonly string[], scope: Scope): Meaning | undefined {
  for (const key of keys) {
    const meaning = meaningOf(part(node, key), scope)
    if (meaning !== undefined) return meaning
  }
  return undefined
}

/** An object that has a function in it, at any depth. */
function functionsIn(object: SyntaxNode, scope: Scope): Meaning | undefined {
  for (const property of parts(object, 'properties')) {
    const meaning = meaningOf(part(property, 'value') ?? part(property, 'argument'), scope)
    if (meaning?.kind === 'function') return meaning
  }
  return undefined
}
