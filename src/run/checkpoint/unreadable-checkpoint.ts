import { ControlSignal } from '../../base/control.ts'

/**
 * - `E_CHECKPOINT_KEY`: the engine has another `checkpointKey` than the checkpoint was written with, or one of both has none
 * - `E_CHECKPOINT_VERSION`: another version of shakedown or of Node wrote it
 * - `E_CHECKPOINT_DAMAGED`: it is not what was written
 *
 * @example
 * const isForPeople = (code: UnreadableCheckpointCode): boolean => code === 'E_CHECKPOINT_DAMAGED'
 */
export type UnreadableCheckpointCode = 'E_CHECKPOINT_KEY' | 'E_CHECKPOINT_VERSION' | 'E_CHECKPOINT_DAMAGED'

/**
 * A durable run is not carried on, because what it kept cannot be read. All of it is looked at before anything is changed,
 * so the run stays as it was.
 *
 * @example
 * for (const recovery of await engine.recover())
 *   if (recovery.kind === 'failed' && recovery.error instanceof UnreadableCheckpointError)
 *     console.error(recovery.error.code, recovery.error.runId, recovery.error.at)
 */
export class UnreadableCheckpointError extends ControlSignal {
  override readonly name = 'UnreadableCheckpointError'
  declare readonly code: UnreadableCheckpointCode
  readonly runId: string
  /** What it is the checkpoint of: `its start`, `article/draft`. */
  readonly at: string

  constructor(
    code: UnreadableCheckpointCode,
    { runId, key }: Whose,
    words: { readonly expected: string; readonly got: string; readonly hint: string },
    cause?: unknown,
  ) {
    const at = placeOf(key)
    super(
      'configuration',
      code,
      `Cannot read the checkpoint of ${at} of run '${runId}': expected ${words.expected}, got ${words.got}.`,
      { hint: `Nothing was changed. ${words.hint}`, ...(cause === undefined ? {} : { cause }) },
    )
    this.runId = runId
    this.at = at
  }
}

/** Which checkpoint of which run. */
export interface Whose {
  readonly runId: string
  readonly key: string
}

/** As `keyOf` has made it: what it is of, a token, its visit, a path, and for a decision what was decided. */
function placeOf(key: string): string {
  const [, , , path, what] = key.split('\n')
  if (path === undefined) return key === 'start' ? 'its start' : `'${key}'`
  return what === undefined ? `'${path}'` : `\`${what}\` of '${path}'`
}

const DAMAGED_HINT = 'Get the file back from a copy, or start the run anew under another id.'

export function damaged(whose: Whose, got: string, cause?: unknown): UnreadableCheckpointError {
  const words = { expected: 'the bytes that were written', got, hint: DAMAGED_HINT }
  return new UnreadableCheckpointError('E_CHECKPOINT_DAMAGED', whose, words, cause)
}

export function ofAnotherVersion(whose: Whose): UnreadableCheckpointError {
  return new UnreadableCheckpointError('E_CHECKPOINT_VERSION', whose, {
    expected: 'a form that this version of shakedown and of Node can read',
    got: 'another one',
    hint: 'Carry the run on with the versions it was started with.',
  })
}

export function wrongKey(
  whose: Whose,
  expected: string,
  got: string,
  hint: string,
  cause?: unknown,
): UnreadableCheckpointError {
  return new UnreadableCheckpointError('E_CHECKPOINT_KEY', whose, { expected, got, hint }, cause)
}
