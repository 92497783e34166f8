import { ShakedownError } from './errors.ts'
import type { RunResult } from './result.ts'

/** What a control signal asks the engine to do instead of carrying on. */
export type ControlKind = 'abort' | 'pause' | 'configuration' | 'quota' | 'hook'

/**
 * A control signal is not a failure: it is never retried and never starts a fallback. It ends the run, and the engine
 * makes it a `cancelled` result (`abort`), a `paused` one whose token has no outcome yet (`pause`), or throws it to the
 * caller with the partial result (`configuration`, `quota`, `hook`).
 *
 * @example
 * const kind: ControlKind | undefined = thrown instanceof ControlSignal ? thrown.kind : undefined
 */
export class ControlSignal extends ShakedownError {
  override readonly name: string = 'ControlSignal'
  /** The brand: `instanceof` would miss signals of another copy of this package. */
  readonly shakedownControl = true
  readonly kind: ControlKind
  /** What the run it ended came to until then; set when `engine.run` throws it. */
  declare readonly result?: RunResult

  constructor(
    kind: ControlKind,
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(code, message, options)
    this.kind = kind
  }
}

/**
 * The run's abort signal fired, or its branch was cancelled. `cause` is the reason.
 *
 * @example
 * const result = await createEngine().run(article, 'tides', { signal: AbortSignal.abort(new Error('shutting down')) })
 * console.log(result.status, result.error?.name === AbortSignalled.name)
 */
export class AbortSignalled extends ControlSignal {
  override readonly name = 'AbortSignalled'

  /** @param what was aborted; a branch is when one beside it has failed */
  constructor(reason: unknown, what: 'run' | 'branch' = 'run') {
    const message = what === 'run' ? 'The run was aborted by its signal' : 'The branch was cancelled'
    super('abort', 'E_ABORTED', message, { cause: reason })
  }
}

/**
 * A pipeline, a step or an engine was configured with something that can never work. Thrown when it is built.
 *
 * @example
 * try {
 *   step('', sendOrder)
 * } catch (error) {
 *   if (error instanceof ConfigurationError) console.error(error.message)
 * }
 */
export class ConfigurationError extends ControlSignal {
  override readonly name = 'ConfigurationError'

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('configuration', 'E_CONFIG', message, options)
  }
}

/**
 * True for control signals, also those of another copy of this package in the same process.
 *
 * @example
 * const careful = step('careful', async (given: Order) => {
 *   try {
 *     return await sendOrder(given)
 *   } catch (error) {
 *     if (isControlSignal(error)) throw error
 *     return 'not sent'
 *   }
 * })
 */
export function isControlSignal(thrown: unknown): thrown is ControlSignal {
  // A thrown proxy may itself throw when it is read.
  try {
    return (
      typeof thrown === 'object' &&
      thrown !== null &&
      (thrown as Partial<ControlSignal>).shakedownControl === true &&
      typeof (thrown as Partial<ControlSignal>).kind === 'string'
    )
  } catch {
    return false
  }
}
