import type { WaitingApproval } from '../audit/waiting-approvals.ts'
import { describeThrown } from '../base/serialize-error.ts'
import { isolate } from '../context/isolate.ts'
import type { ApprovalNode } from '../nodes/approval.ts'
import { askSchema, type SchemaVerdict } from '../policy/validate.ts'
import type { Answer } from '../run/checkpoint/durable.ts'
import type { Plan } from '../run/plan.ts'
import { ResumeError } from './resume-error.ts'
import { checkStorable } from '../run/checkpoint/storable.ts'

/** Approvals named in a message. */
const NAMED_MAX = 20

/**
 * The approval that an answer is for; `undefined` when the run waits for none, because a step paused it.
 * @throws ResumeError when several wait and none is named, or the named one does not wait
 */
export function askedApproval(
  runId: string,
  waiting: readonly WaitingApproval[],
  at: string | undefined,
): WaitingApproval | undefined {
  const meant = at === undefined ? waiting : waiting.filter(({ path }) => path === at)
  const [first] = meant
  if (meant.length === 1 || (waiting.length === 0 && at === undefined)) return first
  const names = waiting.slice(0, NAMED_MAX).map(({ path }) => `'${path}'`)
  if (meant.length === 0)
    throw new ResumeError(
      'E_AMBIGUOUS_APPROVAL',
      `Expected \`at\` of engine.resume to be the path of an approval that run '${runId}' waits for, got '${at}'. It waits for ${names.length === 0 ? 'none' : names.join(', ')}.`,
    )
  throw new ResumeError(
    'E_AMBIGUOUS_APPROVAL',
    `Expected \`at\` of engine.resume, because run '${runId}' waits for ${meant.length} approvals: ${names.join(', ')}.`,
    `Name one: engine.resume('${runId}', answer, { at: ${names[0]} }).`,
  )
}

/**
 * The answer as its approval's schema gives it; `undefined` when the signal is aborted before it has.
 * @throws ResumeError when the schema refuses it, or fails
 * @throws CheckpointError when it cannot be kept
 */
export async function answerTo(
  plan: Plan,
  { path, tokenId, visit }: WaitingApproval,
  given: unknown,
  signal: AbortSignal | undefined,
): Promise<Answer | undefined> {
  const node = nodeAt(plan, path)
  if (node === undefined)
    throw new ResumeError('E_RUN_UNKNOWN', `Expected an approval at '${path}', got none in this pipeline.`)
  const verdict = await untilSignalled(signal, verdictOf(node, given))
  if (verdict === undefined) return undefined
  if (verdict.kind === 'refused')
    throw refused(node.name, verdict.why === '' ? 'it gives no reason.' : verdict.why)
  checkStorable(`the answer to approval '${node.name}'`, verdict.value)
  return { place: { tokenId, path, visit }, value: verdict.value }
}

async function verdictOf(
  { name, schema }: ApprovalNode<never, unknown>,
  given: unknown,
): Promise<SchemaVerdict> {
  try {
    return await askSchema(schema, isolate(given))
  } catch (thrown) {
    throw refused(name, `its schema failed: ${describeThrown(thrown)}`, thrown)
  }
}

function refused(approval: string, why: string, cause?: unknown): ResumeError {
  return new ResumeError(
    'E_ANSWER',
    `Expected an answer that approval '${approval}' accepts: ${why}`,
    'The run is still paused, and nothing was changed.',
    cause,
  )
}

/** What is waited for; `undefined` once the signal is aborted, and then what comes of it is left alone. */
function untilSignalled<T>(signal: AbortSignal | undefined, asked: Promise<T>): Promise<T | undefined> {
  if (signal === undefined) return asked
  return new Promise((resolve, reject) => {
    const end = (): void => {
      signal.removeEventListener('abort', end)
      resolve(undefined)
    }
    signal.addEventListener('abort', end)
    asked.then(resolve, reject).finally(end)
    if (signal.aborted) end()
  })
}

function nodeAt(plan: Plan, path: string): ApprovalNode<never, unknown> | undefined {
  if (plan.path === path)
    return plan.node.kind === 'approval' ? (plan.node as ApprovalNode<never, unknown>) : undefined
  for (const { plan: child } of plan.children()) {
    const found = nodeAt(child, path)
    if (found !== undefined) return found
  }
  return undefined
}
