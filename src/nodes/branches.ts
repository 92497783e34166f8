import { ConfigurationError } from '../base/control.ts'
import { got } from '../base/got.ts'
import { type AnyNode, checkName, checkNode, NODE_NAME_RULE, isNodeName } from './node.ts'

/*
 * What builders of composite nodes check of their parts: all of it, so that everything wrong is told at once.
 */

/**
 * Named branches.
 *
 * @example
 * const branches = { draft, backup } satisfies Branches
 */
export type Branches = Readonly<Record<string, AnyBranch>>

/**
 * A node without what it takes: else the compiler would take a step that ignores its input, built in place, for one that
 * can be given none.
 */
export type AnyBranch = Omit<AnyNode, 'types'>

/** What is wrong with the branches of a node, whatever kind it is of; nothing when they are fine. */
export function branchProblems(branches: unknown, where: string): string[] {
  if (typeof branches !== 'object' || branches === null || Array.isArray(branches))
    return [`Expected the branches of ${where} to be an object of nodes by name, got ${got(branches)}.`]
  const entries = Object.entries(branches)
  if (entries.length === 0) return [`Expected ${where} to have at least one branch, got none.`]
  return entries.flatMap(([key, node]) =>
    branchNameProblems(key, where).concat(nodeProblems(node, `branch '${key}' of ${where}`)),
  )
}

/** What is wrong with the name of a node; nothing when it is fine. */
export function ownNameProblems(name: unknown, kind: string): string[] {
  return problemsOf(() => checkName(name, kind))
}

/** What is wrong with a node inside another one; nothing when it is fine. */
export function nodeProblems(node: unknown, what: string): string[] {
  return problemsOf(() => checkNode(node, what))
}

/** What is wrong with the name of a branch; nothing when it is fine. */
export function branchNameProblems(key: unknown, where: string): string[] {
  if (typeof key !== 'string' || !isNodeName(key))
    return [`Expected the name of a branch of ${where} to be ${NODE_NAME_RULE}, got ${got(key)}.`]
  // Objects list such keys first, whatever the order they were written in.
  if (isIntegerLike(key))
    return [
      `Expected the name of a branch of ${where} not to look like an integer, which would break the declared order, got ${got(key)}.`,
    ]
  return []
}

/** True for what objects take for an array index. */
function isIntegerLike(key: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/u.test(key)
}

function problemsOf(check: () => unknown): string[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return [error.message]
    throw error
  }
}

/** @throws ConfigurationError that lists all of them, if there are any */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'))
}
