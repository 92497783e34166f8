import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as z from '../base/zod.ts'
import { ConfigurationError } from '../base/control.ts'
import { parseOptions } from '../base/options.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { checkName, makeNode, type Node } from './node.ts'

/**
 * @example
 * const options: ApprovalOptions<string, boolean> = { message: (draft) => `Publish "${draft}"?`, schema: z.boolean() }
 */
export interface ApprovalOptions<I, O> {
  /** What a person is asked: text of at most 10 000 characters, or a function that makes it of a copy of the input. */
  readonly message: string | ((input: I) => string | PromiseLike<string>)
  /** Judges the answer, which is what the node gives: a schema of zod, valibot, arktype or any other Standard Schema. */
  readonly schema: StandardSchemaV1<unknown, O>
}

/**
 * @example
 * const ask = (node: ApprovalNode<string, boolean>): string => node.name
 */
export interface ApprovalNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'approval'
  readonly message: string | ((input: I) => string | PromiseLike<string>)
  readonly schema: StandardSchemaV1<unknown, O>
}

const optionsSchema = z.strictObject({
  message: z.custom<string | (() => string)>(
    (value) => typeof value === 'function' || (typeof value === 'string' && value.trim() !== ''),
    'expected a text, or a function (input) => text',
  ),
  schema: z.custom<StandardSchemaV1>(
    (value) =>
      ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value,
    'expected a Standard Schema, such as one of zod, valibot or arktype',
  ),
})

/**
 * Waits for a person: the run is `paused`, its state durable, and `engine.resume` goes on with the answer, in this
 * process or another. The answer is what the node gives. A run with an approval needs an audit trail.
 *
 * @throws ConfigurationError for an impossible name or option
 *
 * @example
 * const publish = approval('publish', { message: (text: string) => `Publish "${text}"?`, schema: z.boolean() })
 * const article = pipeline('article', draft, publish, step('send', (isFine: boolean) => (isFine ? 'sent' : 'kept')))
 */
export function approval<I = unknown, O = unknown>(
  name: string,
  options: ApprovalOptions<I, O>,
): ApprovalNode<I, O> {
  checkName(name, 'approval')
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError(`Expected the options of approval '${name}' to be { message, schema }.`)
  const { message, schema } = parseOptions(optionsSchema, options, `approval '${name}'`) as ApprovalOptions<
    I,
    O
  >
  const node: ApprovalNode<I, O> = {
    shakedownNode: true,
    kind: 'approval',
    name,
    message,
    schema,
    fallback: (...others: readonly (Node<I, unknown> | undefined)[]) => makeFallback(node, others),
  }
  return makeNode(node)
}
