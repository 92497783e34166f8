/** A node of a syntax tree, as ESTree has it; what else it has depends on its type. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** Reads a module. Throws for what it cannot read. */
export type Parse = (code: string, options: object) => unknown

/**
 * The syntax tree of a module; `undefined` where the parser of this Vite knows no TypeScript, or the module is broken.
 *
 * @param file tells the language by its ending
 */
export function parsed(parse: Parse, code: string, file: string): SyntaxNode | undefined {
  const [, typed = '', x = ''] = /\.[cm]?(?:(ts)|js)(x?)$/.exec(file) ?? ['', 'ts', 'x']
  try {
    // Vite 8 has these options of oxc; parsers that do not know them read JavaScript.
    const tree = parse(code, {
      lang: `${typed === '' ? 'js' : 'ts'}${x}`,
      astType: typed === '' ? 'js' : 'ts',
    })
    return isNode(tree) ? tree : undefined
  } catch {
    return undefined
  }
}

export function part(node: SyntaxNode | undefined, key: string): SyntaxNode | undefined {
  const value: unknown = valueOf(node, key)
  return isNode(value) ? value : undefined
}

export function parts(node: SyntaxNode | undefined, key: string): readonly SyntaxNode[] {
  const value: unknown = valueOf(node, key)
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** A word of a node: its name, its kind, its text. */
export function word(node: SyntaxNode | undefined, key: string): string | undefined {
  const value: unknown = valueOf(node, key)
  return typeof value === 'string' ? value : undefined
}

function isSet(node: SyntaxNode | undefined, key: string): boolean {
  return valueOf(node, key) === true
}

/** Types are no code. */
const TYPES = new Set([
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
  'returnType',
  'superTypeArguments',
])

/** What a node is made of, in the order of the text. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (TYPES.has(key)) return []
    if (isNode(value)) return [value]
    return Array.isArray(value) ? value.filter(isNode) : []
  })
}

/** What only says a type of what is in it, or stands around it. */
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
  'ChainExpression',
])

/** An expression without casts and parentheses. */
export function bare(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let inner = node
  while (inner !== undefined && WRAPPERS.has(inner.type)) inner = part(inner, 'expression')
  return inner
}

/** The text that an expression is; `undefined` for one that is none, or is put together. */
export function textOf(node: SyntaxNode | undefined): string | undefined {
  const expression = bare(node)
  if (expression?.type === 'Literal') return word(expression, 'value')
  if (expression?.type !== 'TemplateLiteral' || parts(expression, 'expressions').length > 0) return undefined
  const [quasi] = parts(expression, 'quasis')
  const value: unknown = valueOf(quasi, 'value')
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
    ? value.cooked
    : undefined
}

/** The name of a property where it is named or accessed; `undefined` for one that is worked out. */
export function keyOf(node: SyntaxNode, key: 'key' | 'property'): string | undefined {
  const name = part(node, key)
  return isSet(node, 'computed') ? textOf(name) : (word(name, 'name') ?? textOf(name))
}

/** An expression as people name it, without casts and white space: `core.inner.run`. */
export function nameOf(node: SyntaxNode | undefined): string {
  const expression = bare(node)
  if (expression?.type === 'Identifier') return word(expression, 'name') ?? '…'
  if (expression?.type === 'AwaitExpression') return `await ${nameOf(part(expression, 'argument'))}`
  if (expression?.type !== 'MemberExpression') return '…'
  const key = keyOf(expression, 'property') ?? '[…]'
  return `${nameOf(part(expression, 'object'))}${key.startsWith('[') ? key : `.${key}`}`
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function valueOf(node: SyntaxNode | undefined, key: string): unknown {
  return node === undefined ? undefined : (node as unknown as Readonly<Record<string, unknown>>)[key]
}
