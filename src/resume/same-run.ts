import { isDeepStrictEqual } from 'node:util'
import { ConfigurationError } from '../base/control.ts'
import { kept } from '../context/isolate.ts'
import type { RunOptions } from '../engine-options.ts'
import type { Beginning } from '../run/checkpoint/beginning.ts'
import { startingContext } from '../run/edge.ts'

const HINT =
  'Nothing was changed. Carry it on as it was, by engine.recover(), or give the new run an id of its own.'

/**
 * A run that is run again by its id is carried on, so what it is given now has to be what it was started with.
 * @throws ConfigurationError
 */
export function checkSamePipeline(runId: string, was: string, is: string): void {
  if (was !== is)
    throw new ConfigurationError(
      `Expected pipeline '${was}' for the id of the interrupted run '${runId}', which it is a run of, got '${is}'.`,
      { hint: HINT },
    )
}

/** As `checkSamePipeline`; a context that is not given is the one it had. */
export function checkSameStart(
  runId: string,
  was: Pick<Beginning, 'input' | 'context'>,
  input: unknown,
  { context }: RunOptions,
): void {
  const differs = !isDeepStrictEqual(kept(input), was.input)
    ? 'input'
    : context !== undefined &&
        !isDeepStrictEqual({ ...startingContext(context).snapshot() }, { ...was.context })
      ? 'context'
      : undefined
  if (differs === undefined) return
  throw new ConfigurationError(
    `Expected the ${differs} that the interrupted run '${runId}' was started with, because its id carries it on; got another one.`,
    { hint: HINT },
  )
}
