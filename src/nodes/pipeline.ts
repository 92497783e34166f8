import { ConfigurationError } from '../base/control.ts'
import { parseOptions } from '../base/options.ts'
import { type Hooks, hooksSchema } from '../policy/hooks.ts'
import { type AnyNode, checkName, checkNode, makeNode, type Node } from './node.ts'

/**
 * Nodes in sequence: each one's output is the next one's input. A pipeline is a node itself and may be nested.
 *
 * @example
 * const book: PipelineNode<string, string> = pipeline('book', article, step('bind', (text) => `[${text}]`))
 */
export interface PipelineNode<I, O> extends Node<I, O> {
  readonly kind: 'pipeline'
  readonly nodes: readonly AnyNode[]
  /** What `withHooks` gave it. */
  readonly hooks: readonly Hooks[]
}

/** Types infer through this many nodes; longer pipelines nest. */
interface PipelineBuilder {
  <A, B>(name: string, a: Node<A, B>): PipelineNode<A, B>
  <A, B, C>(name: string, a: Node<A, B>, b: Node<NoInfer<B>, C>): PipelineNode<A, C>
  <A, B, C, D>(
    name: string,
    a: Node<A, B>,
    b: Node<NoInfer<B>, C>,
    c: Node<NoInfer<C>, D>,
  ): PipelineNode<A, D>
  <A, B, C, D, E>(
    name: string,
    a: Node<A, B>,
    b: Node<NoInfer<B>, C>,
    c: Node<NoInfer<C>, D>,
    d: Node<NoInfer<D>, E>,
  ): PipelineNode<A, E>
  <A, B, C, D, E, F>(
    name: string,
    a: Node<A, B>,
    b: Node<NoInfer<B>, C>,
    c: Node<NoInfer<C>, D>,
    d: Node<NoInfer<D>, E>,
    e: Node<NoInfer<E>, F>,
  ): PipelineNode<A, F>
  <A, B, C, D, E, F, G>(
    name: string,
    a: Node<A, B>,
    b: Node<NoInfer<B>, C>,
    c: Node<NoInfer<C>, D>,
    d: Node<NoInfer<D>, E>,
    e: Node<NoInfer<E>, F>,
    f: Node<NoInfer<F>, G>,
  ): PipelineNode<A, G>
  <A, B, C, D, E, F, G, H>(
    name: string,
    a: Node<A, B>,
    b: Node<NoInfer<B>, C>,
    c: Node<NoInfer<C>, D>,
    d: Node<NoInfer<D>, E>,
    e: Node<NoInfer<E>, F>,
    f: Node<NoInfer<F>, G>,
    g: Node<NoInfer<G>, H>,
  ): PipelineNode<A, H>
  <A, B, C, D, E, F, G, H, J>(
    name: string,
    a: Node<A, B>,
    b: Node<NoInfer<B>, C>,
    c: Node<NoInfer<C>, D>,
    d: Node<NoInfer<D>, E>,
    e: Node<NoInfer<E>, F>,
    f: Node<NoInfer<F>, G>,
    g: Node<NoInfer<G>, H>,
    h: Node<NoInfer<H>, J>,
  ): PipelineNode<A, J>
  /** A list of nodes of one type each way, as many as there are: for pipelines built by a program. */
  <T>(name: string, nodes: readonly Node<T, T>[]): PipelineNode<T, T>
}

/**
 * Nodes in sequence. Stops at the first that does not complete.
 *
 * @throws ConfigurationError for an empty pipeline, an impossible name, or something that is not a node
 *
 * @example
 * const article = pipeline('article', draft.fallback(backup), step('print', (text) => `<p>${text}</p>`))
 */
export const pipeline: PipelineBuilder = (
  name: string,
  ...given: readonly unknown[]
): PipelineNode<unknown, never> => {
  checkName(name, 'pipeline')
  const nodes: readonly unknown[] = given.length === 1 && Array.isArray(given[0]) ? given[0] : given
  if (nodes.length === 0)
    throw new ConfigurationError(`Expected pipeline '${name}' to have at least one node, got none.`)
  const checked = nodes.map((node, index) => checkNode(node, `node ${index + 1} of pipeline '${name}'`))
  return makePipeline(name, Object.freeze(checked), NO_HOOKS)
}

const NO_HOOKS: readonly Hooks[] = Object.freeze([])

function makePipeline<I, O>(
  name: string,
  nodes: readonly AnyNode[],
  hooks: readonly Hooks[],
): PipelineNode<I, O> {
  return makeNode(
    { shakedownNode: true, kind: 'pipeline', name, nodes, hooks } as const,
    nodes.map((node) => ({ key: node.name, node })),
  )
}

// Set once and never back: it saves runs of programs without hooks a look for some.
let hooked = false

/** True once any pipeline of this process has hooks. */
export function anyHooks(): boolean {
  return hooked
}

/**
 * The same pipeline with hooks, beside those it has. `preStep`, `postStep` and `onStepFailure` are called for the steps
 * in it, at any depth and wherever it is nested; `preRun` and `postRun` where it is what the engine runs.
 *
 * @throws ConfigurationError for something that is no pipeline, an unknown hook, or one that is no function
 *
 * @example
 * const watched = withHooks(article, { onStepFailure: ({ path, result }) => console.error(path, result.feedback) })
 */
export function withHooks<I, O>(node: PipelineNode<I, O>, hooks: Hooks): PipelineNode<I, O> {
  const { kind, name } = checkNode(node, 'what withHooks is given')
  if (kind !== 'pipeline')
    throw new ConfigurationError(`Expected withHooks to be given a pipeline, got ${kind} '${name}'.`, {
      hint: 'Put the node into a pipeline of its own: pipeline(name, node).',
    })
  const checked = Object.freeze(parseOptions<Hooks>(hooksSchema, hooks, `withHooks of pipeline '${name}'`))
  hooked = true
  return makePipeline(name, node.nodes, Object.freeze([...node.hooks, checked]))
}
