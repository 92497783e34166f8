import { didYouMean } from '../../src/base/nearest.ts'
import { looksLikeNode, type AnyNode } from '../../src/nodes/node.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import type { Subject } from './scenario.ts'
import { got } from '../../src/base/got.ts'

/** A scenario's subject cannot be had: its file or export is missing, or is not something that can be run. */
export class SubjectError extends ShakedownError {
  override readonly name = 'SubjectError'

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('E_SUBJECT', message, options)
  }
}

/** A subject reference in its two parts. */
export interface SubjectReference {
  /** Relative to the scenario's file, e.g. `./orders.ts`. */
  readonly module: string
  readonly exportName: string
}

/** `./orders.ts#pipeline` in two parts. The schema has seen to it that there are two. */
export function parseSubjectReference(reference: string): SubjectReference {
  const hash = reference.lastIndexOf('#')
  return { module: reference.slice(0, hash), exportName: reference.slice(hash + 1) }
}

/**
 * What a value is as a subject; `undefined` for what cannot be one. Copies and imitations of nodes pass: the code that runs
 * the scenario refuses them with the better message.
 */
export function subjectOf(value: unknown): Subject | undefined {
  if (typeof value === 'function')
    return { kind: 'function', run: value as (input: unknown, ports: unknown) => unknown }
  if (looksLikeNode(value)) return { kind: 'pipeline', node: value as AnyNode }
  return undefined
}

/**
 * The subject a reference names in its imported module.
 * @throws SubjectError when the export is missing or cannot be run
 */
export function subjectIn(module: Readonly<Record<string, unknown>>, reference: string): Subject {
  const { exportName } = parseSubjectReference(reference)
  if (!Object.hasOwn(module, exportName)) {
    const names = Object.keys(module)
    const suggestion = didYouMean(exportName, names)
    const exported = names.length === 0 ? 'nothing' : names.slice(0, 10).join(', ')
    throw new SubjectError(
      `Expected the subject \`${reference}\` to be an export of its file, which exports ${exported}.${suggestion}`,
    )
  }
  const subject = subjectOf(module[exportName])
  if (subject === undefined) {
    throw new SubjectError(
      `Expected the subject \`${reference}\` to be a step, a pipeline or a function, got ${got(module[exportName])}.`,
    )
  }
  return subject
}
