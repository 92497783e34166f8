import { type Meaning, meaningOf, memberOf, Scope } from './meanings.ts'
import { childrenOf, keyOf, part, parts, type SyntaxNode, textOf, word } from './syntax.ts'

/** Is shown every node of a module, with what its names stand for there. */
export type Visit = (node: SyntaxNode, scope: Scope) => void

/** Goes through a module from its beginning to its end, and keeps track of what its names stand for. */
export function walk(program: SyntaxNode, visit: Visit): void {
  const scope = new Scope()
  for (const statement of parts(program, 'body')) declareImports(statement, scope)
  go(program, scope, visit)
}

function go(node: SyntaxNode, around: Scope, visit: Visit): void {
  const scope = opensScope(node) ? new Scope(around) : around
  for (const parameter of parts(node, 'params')) bind(parameter, undefined, scope)
  for (const statement of parts(node, 'body')) declareNames(statement, scope)
  visit(node, scope)
  for (const child of childrenOf(node)) go(child, scope, visit)
  if (node.type === 'VariableDeclarator') bind(part(node, 'id'), meaningOf(part(node, 'init'), scope), scope)
  if (node.type === 'AssignmentExpression') assign(node, scope)
}

/** Names of a module are in the scope that is there already: that of its imports. */
function opensScope({ type }: SyntaxNode): boolean {
  return /Function|^(?:Block|For|Switch|Catch|StaticBlock)/.test(type)
}

/** A name means what it is declared as in the whole of its block, also before that. */
function declareNames(statement: SyntaxNode, scope: Scope): void {
  const declaration = statement.type.startsWith('Export') ? part(statement, 'declaration') : statement
  for (const declarator of parts(declaration, 'declarations')) bind(part(declarator, 'id'), undefined, scope)
  if (declaration?.type !== 'FunctionDeclaration' && declaration?.type !== 'ClassDeclaration') return
  const name = word(part(declaration, 'id'), 'name')
  if (name !== undefined) scope.declare(name, { kind: 'function', isMock: false })
}

function declareImports(statement: SyntaxNode, scope: Scope): void {
  if (statement.type !== 'ImportDeclaration' || word(statement, 'importKind') === 'type') return
  const specifier = textOf(part(statement, 'source')) ?? ''
  const module: Meaning =
    specifier === 'vitest' ? { kind: 'vitest' } : { kind: 'module', specifier, name: '*' }
  for (const each of parts(statement, 'specifiers')) {
    const local = word(part(each, 'local'), 'name')
    if (local === undefined || word(each, 'importKind') === 'type') continue
    scope.declare(
      local,
      each.type === 'ImportNamespaceSpecifier' ? module : memberOf(module, importedName(each)),
    )
  }
}

/** The name that a module exports what is imported by. */
function importedName(specifier: SyntaxNode): string {
  const imported = part(specifier, 'imported')
  return word(imported, 'name') ?? textOf(imported) ?? 'default'
}

/** Declares every name of a pattern with what it takes out of a value. */
function bind(pattern: SyntaxNode | undefined, meaning: Meaning | undefined, scope: Scope): void {
  switch (pattern?.type) {
    case 'Identifier':
      scope.declare(word(pattern, 'name') ?? '', meaning)
      break
    case 'ObjectPattern':
      for (const property of parts(pattern, 'properties'))
        if (property.type === 'RestElement') bind(part(property, 'argument'), meaning, scope)
        else bind(part(property, 'value'), memberOf(meaning, keyOf(property, 'key')), scope)
      break
    case 'ArrayPattern':
      for (const element of parts(pattern, 'elements')) bind(element, undefined, scope)
      break
    case 'AssignmentPattern':
      bind(part(pattern, 'left'), meaning, scope)
      break
    case 'RestElement':
      bind(part(pattern, 'argument'), undefined, scope)
      break
    case 'TSParameterProperty':
      bind(part(pattern, 'parameter'), undefined, scope)
      break
    default:
  }
}

function assign(node: SyntaxNode, scope: Scope): void {
  const left = part(node, 'left')
  const meaning = meaningOf(part(node, 'right'), scope)
  if (left?.type === 'Identifier' && meaning !== undefined) scope.assign(word(left, 'name') ?? '', meaning)
}
