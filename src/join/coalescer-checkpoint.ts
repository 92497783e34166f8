import { ShakedownError } from '../base/errors.ts'
import { got } from '../base/got.ts'
import * as z from '../base/zod.ts'

/** Goes up when a checkpoint means something else than before. */
export const COALESCER_CHECKPOINT_VERSION = 1

const name = z.string()
const offsetMs = z.number()

const pendingSchema = z.strictObject({
  join: name,
  item: name,
  /** How long it had been open. Relative, because another process has another clock. */
  openForMs: offsetMs,
  arrived: z.array(z.strictObject({ branch: name, tokenId: name, value: z.unknown(), offsetMs })),
  lost: z.array(z.strictObject({ branch: name, reason: name })),
})

const checkpointSchema = z.strictObject({
  version: z.literal(COALESCER_CHECKPOINT_VERSION),
  pending: z.array(pendingSchema),
  /** Oldest first. */
  resolved: z.array(z.tuple([name, name])),
  /** More had been resolved than these. */
  resolvedIncomplete: z.boolean(),
})

/** A coalescer at one moment: plain data but for the values that tokens brought. */
export type CoalescerCheckpoint = z.output<typeof checkpointSchema>

/** @throws ShakedownError `E_JOIN_CHECKPOINT` for another version, an unknown join or something else altogether */
export function readCheckpoint(given: unknown, known: { has(join: string): boolean }): CoalescerCheckpoint {
  const version =
    typeof given === 'object' && given !== null ? (given as { version?: unknown }).version : given
  if (version !== COALESCER_CHECKPOINT_VERSION)
    throw refused(
      `Expected a checkpoint of joins of version ${COALESCER_CHECKPOINT_VERSION}, got ${got(version)}.`,
    )
  const parsed = checkpointSchema.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refused(
      `Expected a checkpoint of joins, got a broken one: ${issue?.path.map(String).join('.')}: ${issue?.message}.`,
    )
  }
  const { pending, resolved } = parsed.data
  for (const join of [...pending.map((each) => each.join), ...resolved.map(([each]) => each)])
    if (!known.has(join))
      throw refused(
        `Expected a checkpoint of the joins of this pipeline, got one that has a join ${got(join)}.`,
      )
  return parsed.data
}

function refused(message: string): ShakedownError {
  return new ShakedownError('E_JOIN_CHECKPOINT', message, {
    hint: 'Carry the run on with the pipeline and the version of shakedown that it was started with.',
  })
}
