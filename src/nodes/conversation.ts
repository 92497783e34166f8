import { got } from '../base/got.ts'
import { didYouMean } from '../base/nearest.ts'
import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import { nodeProblems, ownNameProblems, refuse } from './branches.ts'
import { makeFallback, type Recoverable } from './fallback.ts'
import { type LoopOptions, type LoopPolicy, loopPolicy, loopShape, type NeededMappers } from './loop.ts'
import { type AnyNode, childrenOf, isNode, makeNode, type Node } from './node.ts'

/**
 * What somebody said. What a step gives is said as text: other values as JSON.
 *
 * @example
 * const asked: Turn = { role: 'user', content: 'Why are there tides?' }
 */
export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/**
 * Who adds assistant turns in an iteration that has completed: the last step, all steps that completed, or the nodes
 * of these names. Under `last`, each branch of a parallel node has a last step.
 *
 * @example
 * const speakers: Speakers = { named: ['critic', 'writer'] }
 */
export type Speakers = 'last' | 'all' | { readonly named: readonly string[] }

/**
 * @example
 * const options: ConversationOptions<string, string> = { maxIterations: 20, speakers: 'all', keep: { turns: 50 } }
 */
export interface ConversationOptions<BI, BO, I = BI, R = BO> extends Omit<
  LoopOptions<BI, BO, I, R>,
  'until'
> {
  /** Ends the conversation as it ends a loop. Default: only a finish action does. */
  readonly until?: LoopOptions<BI, BO>['until'] | undefined
  /** Default `last`. */
  readonly speakers?: Speakers | undefined
  /** The key of the context under which the turns are kept. Default: the conversation's name. */
  readonly history?: string | undefined
  /**
   * How much of the history is kept after each iteration; the oldest turns go first. `turns` is a number of turns,
   * `tokens` a number of model tokens, taken to be four characters each. Default: all of it.
   */
  readonly keep?: { readonly turns?: number | undefined; readonly tokens?: number | undefined } | undefined
}

/** What a conversation does beside going round. */
export interface Talk {
  readonly speakers: 'last' | 'all' | { readonly named: ReadonlySet<string> }
  readonly history: string
  readonly turnsMax: number
  readonly tokensMax: number
}

/**
 * A loop that keeps what was said.
 *
 * @example
 * const chat: ConversationNode<string, string> = conversation('chat', draft, { maxIterations: 10 })
 */
export interface ConversationNode<I, O> extends Node<I, O>, Recoverable<I, O> {
  readonly kind: 'conversation'
  readonly policy: LoopPolicy
  readonly talk: Talk
}

const KEY_LENGTH_MAX = 200
/** More would name every step of the largest pipelines. */
const NAMED_MAX = 10_000

const amount = z.int().min(1)
const optionsSchema = z.strictObject({
  ...loopShape,
  until: loopShape.nextInput,
  speakers: z
    .union([z.enum(['last', 'all']), z.strictObject({ named: z.array(z.string()).min(1).max(NAMED_MAX) })])
    .optional(),
  history: z.string().min(1).max(KEY_LENGTH_MAX).optional(),
  keep: z.strictObject({ turns: amount.optional(), tokens: amount.optional() }).optional(),
})

/**
 * A loop that keeps turns `{ role, content }` in the context, where its steps read them: first its input as the user's,
 * then what its steps give as the assistant's, at the end of each iteration that completes. An output of
 * `{ action: 'finish' }`, or the bare word finish or done, ends it and is no turn: the last output of an iteration, or
 * one of a step that speaks.
 *
 * What conversations inside it keep is told in its own history, too, in the order in which nodes are declared.
 *
 * @throws ConfigurationError that lists everything wrong with its name, its body and its options
 *
 * @example
 * const chat = conversation('chat', step('answer', async (question: string, { context }) => {
 *   const turns = context.get('chat') as Turn[]
 *   return (await gpt(question, { turns })).text
 * }), { maxIterations: 10, keep: { turns: 40 } })
 */
export function conversation<BI, BO, I = BI, R = BO>(
  name: string,
  body: Node<BI, BO>,
  options: ConversationOptions<NoInfer<BI>, NoInfer<BO>, I, R> &
    NeededMappers<BI, BO, NoInfer<I>, NoInfer<R>>,
): ConversationNode<I, Awaited<R>> {
  const where = `conversation '${name}'`
  refuse([
    ...ownNameProblems(name, 'conversation'),
    ...nodeProblems(body, `the body of ${where}`),
    ...optionProblems(optionsSchema, options, where),
  ])
  const { speakers = 'last', history = name, keep } = options
  refuse([...unknownSpeakers(body, speakers, where), ...sharedHistories(body, history, where)])
  const node: ConversationNode<I, Awaited<R>> = {
    shakedownNode: true,
    kind: 'conversation',
    name,
    policy: loopPolicy(options),
    talk: Object.freeze({
      speakers: typeof speakers === 'string' ? speakers : { named: new Set(speakers.named) },
      history,
      turnsMax: keep?.turns ?? Infinity,
      tokensMax: keep?.tokens ?? Infinity,
    }),
    fallback: (...others: readonly (Node<I, unknown> | undefined)[]) => makeFallback(node, others),
  }
  return makeNode(node, [{ key: body.name, node: body }])
}

function unknownSpeakers(body: AnyNode, speakers: Speakers, where: string): string[] {
  if (typeof speakers === 'string') return []
  const names = new Set([...nodesIn(body)].map(({ name }) => name))
  return speakers.named
    .filter((name) => !names.has(name))
    .map(
      (name) =>
        `Expected \`speakers.named\` of ${where} to be names of nodes in it, got ${got(name)}.${didYouMean(name, names)}`,
    )
}

/** Turns of an inner conversation are told to the outer one; in one list they would be told twice. */
function sharedHistories(body: AnyNode, history: string, where: string): string[] {
  return [...nodesIn(body)].flatMap((node) =>
    isConversation(node) && node.talk.history === history
      ? [
          `Expected ${where} and conversation '${node.name}' inside it to keep their histories under keys of their own, got '${history}' for both.`,
        ]
      : [],
  )
}

function isConversation(node: AnyNode): node is ConversationNode<never, unknown> {
  return node.kind === 'conversation' && isNode(node)
}

/** A node and all those inside it, each once. */
function nodesIn(node: AnyNode, found = new Set<AnyNode>()): ReadonlySet<AnyNode> {
  if (found.has(node)) return found
  found.add(node)
  for (const child of childrenOf(node)) nodesIn(child.node, found)
  return found
}
