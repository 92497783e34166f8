import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { WaitingApproval } from '../audit/waiting-approvals.ts'
import { isolate } from '../context/isolate.ts'
import type { ApprovalNode } from '../nodes/approval.ts'
import { describeIssues } from '../policy/validate.ts'
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
      `Expected \`at\` of engine.resume to be the path of an approval that run '${runId}' waits for, got '${at}'.`,
      names.length === 0 ? 'It waits for none.' : `It waits for ${names.join(', ')}.`,
    )
  throw new ResumeError(
    'E_AMBIGUOUS_APPROVAL',
    `Expected \`at\` of engine.resume, because run '${runId}' waits for ${meant.length} approvals: ${names.join(', ')}.`,
    `Name one: engine.resume('${runId}', answer, { at: ${names[0]} }).`,
  )
}

/**
 * The answer as its approval's schema gives it.
 * @throws ResumeError when the schema refuses it
 * @throws CheckpointError when it cannot be kept
 */
export async function answerTo(
  plan: Plan,
  { path, tokenId, visit }: WaitingApproval,
  given: unknown,
): Promise<Answer> {
  const node = nodeAt(plan, path)
  if (node === undefined)
    throw new ResumeError('E_RUN_UNKNOWN', `Expected an approval at '${path}', got none in this pipeline.`)
  const judged: StandardSchemaV1.Result<unknown> = await node.schema['~standard'].validate(isolate(given))
  if (judged.issues !== undefined)
    throw new ResumeError(
      'E_ANSWER',
      `Expected an answer that approval '${node.name}' accepts: ${describeIssues(judged.issues)}`,
      'The run is still paused, and nothing was changed.',
    )
  checkStorable(`the answer to approval '${node.name}'`, judged.value)
  return { place: { tokenId, path, visit }, value: judged.value }
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
