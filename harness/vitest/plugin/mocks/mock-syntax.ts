import { type MockCall, positionIn } from './mock-call.ts'
import { type Meaning, meaningOf, type Scope } from './meanings.ts'
import { bare, keyOf, nameOf, part, parts, type SyntaxNode, textOf, word } from './syntax.ts'
import { walk } from './walk.ts'

type Found = Omit<MockCall, 'line' | 'column'>

/** Finds where a module mocks other modules, or replaces or watches what it has imported or made of them. */
export function mockCallsIn(program: SyntaxNode, code: string): readonly MockCall[] {
  const calls: MockCall[] = []
  walk(program, (node, scope) => {
    const found = mockAt(node, scope)
    if (found !== undefined) calls.push({ ...found, ...positionIn(code, node.start) })
  })
  return calls
}

function mockAt(node: SyntaxNode, scope: Scope): Found | undefined {
  if (node.type === 'AssignmentExpression') return assignment(node, scope)
  if (node.type !== 'CallExpression') return undefined
  const callee = meaningOf(part(node, 'callee'), scope)
  return callee?.kind === 'method' ? callOfVi(callee.name, node, scope) : callOfLanguage(node, scope)
}

function callOfVi(method: string, call: SyntaxNode, scope: Scope): Found | undefined {
  const [first, second] = parts(call, 'arguments')
  const callee = nameOf(part(call, 'callee'))
  switch (method) {
    case 'mock':
    case 'doMock':
    case 'importMock': {
      const inner = bare(first)
      const meaning = meaningOf(inner?.type === 'ImportExpression' ? part(inner, 'source') : first, scope)
      if (meaning?.kind !== 'text') return undefined
      const specifier = meaning.text
      return { written: `${callee}('${specifier}')`, specifier, names: replacedNames(second) }
    }
    case 'spyOn':
      return replaced(first, `${callee}(${nameOf(first)}, ${quoted(second, scope)})`, scope)
    case 'mockObject':
      return replaced(first, `${callee}(${nameOf(first)})`, scope)
    default:
      return undefined
  }
}

/** `Object.assign(core, { execute })`, `Reflect.set(core, 'execute', run)` and their like. */
function callOfLanguage(call: SyntaxNode, scope: Scope): Found | undefined {
  const callee = bare(part(call, 'callee'))
  const owner = bare(part(callee, 'object'))
  const name = word(owner, 'name') ?? ''
  if (callee?.type !== 'MemberExpression' || owner?.type !== 'Identifier' || !scope.isGlobal(name))
    return undefined
  const [target, second, third] = parts(call, 'arguments')
  const others = parts(call, 'arguments').slice(1)
  const written = `${nameOf(callee)}(${nameOf(target)}`
  switch (nameOf(callee)) {
    case 'Object.assign':
    case 'Object.defineProperties':
      return others.some((each) => isFunction(each, scope))
        ? replaced(target, `${written}, { ${keysOf(others).join(', ') || '…'} })`, scope)
        : undefined
    case 'Object.defineProperty':
    case 'Reflect.defineProperty':
    case 'Reflect.set':
      return isFunction(third, scope)
        ? replaced(target, `${written}, ${quoted(second, scope)})`, scope)
        : undefined
    default:
      return undefined
  }
}

/** What is called when something happens is how one listens, not what one replaces. */
const LISTENER = /^on(?:[A-Z]|[a-z]+$)/

/** `core.execute = vi.fn()` */
function assignment(node: SyntaxNode, scope: Scope): Found | undefined {
  const left = bare(part(node, 'left'))
  const right = meaningOf(part(node, 'right'), scope)
  if (left?.type !== 'MemberExpression' || right?.kind !== 'function') return undefined
  if (LISTENER.test(keyOf(left, 'property') ?? '')) return undefined
  return replaced(part(left, 'object'), `${nameOf(left)} = ${right.isMock ? 'vi.fn()' : '…'}`, scope)
}

function replaced(target: SyntaxNode | undefined, written: string, scope: Scope): Found | undefined {
  const meaning: Meaning | undefined = meaningOf(target, scope)
  if (meaning?.kind !== 'module') return undefined
  const { specifier, name } = meaning
  return { written, specifier, names: name === '*' ? undefined : [name] }
}

function isFunction(node: SyntaxNode | undefined, scope: Scope): boolean {
  return meaningOf(node, scope)?.kind === 'function'
}

function quoted(node: SyntaxNode | undefined, scope: Scope): string {
  const meaning = meaningOf(node, scope)
  return meaning?.kind === 'text' ? `'${meaning.text}'` : nameOf(node)
}

function keysOf(objects: readonly SyntaxNode[]): readonly string[] {
  return objects.flatMap((object) =>
    parts(bare(object), 'properties').flatMap((property) => keyOf(property, 'key') ?? []),
  )
}

/**
 * The exports that the factory of a mock replaces, where it keeps the others: `async (actual) => ({ ...(await
 * actual()), now: vi.fn() })`. `undefined` for all.
 */
function replacedNames(factory: SyntaxNode | undefined): readonly string[] | undefined {
  const body = bare(part(bare(factory), 'body'))
  const result =
    body?.type === 'BlockStatement'
      ? bare(
          part(
            parts(body, 'body').find(({ type }) => type === 'ReturnStatement'),
            'argument',
          ),
        )
      : body
  if (result?.type !== 'ObjectExpression') return undefined
  const properties = parts(result, 'properties')
  if (!properties.some(({ type }) => type === 'SpreadElement')) return undefined
  const names = properties.flatMap((property) =>
    property.type === 'SpreadElement' ? [] : [keyOf(property, 'key')],
  )
  return names.includes(undefined) ? undefined : names.filter((name) => name !== undefined)
}

/** What a module exports of other modules. */
export interface ReExports {
  /** Name → where it comes from. */
  readonly named: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>
  /** Modules of which all is exported. */
  readonly whole: readonly string[]
}

/**
 * What a module exports that it has from others: `export * from './core'`, `export { core } from`, `import` and
 * `export`.
 */
export function reExportsOf(program: SyntaxNode): ReExports {
  const named = new Map<string, { specifier: string; name: string }>()
  const whole: string[] = []
  walk(program, (node, scope) => {
    const source = textOf(part(node, 'source'))
    if (node.type === 'ExportAllDeclaration' && source !== undefined) {
      const exported = exportedName(part(node, 'exported'))
      if (exported === undefined) whole.push(source)
      else named.set(exported, { specifier: source, name: '*' })
    }
    if (node.type !== 'ExportNamedDeclaration') return
    for (const each of parts(node, 'specifiers')) {
      const exported = exportedName(part(each, 'exported')) ?? ''
      const local = part(each, 'local')
      const meaning = source === undefined ? meaningOf(local, scope) : undefined
      if (source !== undefined) named.set(exported, { specifier: source, name: exportedName(local) ?? '*' })
      else if (meaning?.kind === 'module')
        named.set(exported, { specifier: meaning.specifier, name: meaning.name })
    }
  })
  return { named, whole }
}

function exportedName(node: SyntaxNode | undefined): string | undefined {
  return word(node, 'name') ?? textOf(node)
}
