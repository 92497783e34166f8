import { createHash } from 'node:crypto'
import { Attempt } from '../leaves/attempt.ts'
import type { Scope } from '../scope.ts'

/** One invocation of an adapter. */
export class TaskAttempt extends Attempt {
  readonly #taskKey: string

  /** @param taskKey what tells the task from every other one; see `taskKeyOf` */
  constructor(
    scope: Scope,
    plan: ConstructorParameters<typeof Attempt>[1],
    attempt: number,
    taskKey: string,
  ) {
    super(scope, plan, attempt)
    this.#taskKey = taskKey
  }

  /** Letters and digits, because it goes into headers and paths; made when it is asked for. */
  get idempotencyKey(): string {
    return createHash('sha256').update(this.#taskKey).digest('hex').slice(0, KEY_LENGTH)
  }
}

/** 128 bits never meet twice by chance. */
const KEY_LENGTH = 32

/**
 * Tells a task from every other one, and is the same whenever the run is carried on: whose it is, at which route, and on which
 * visit.
 */
export function taskKeyOf({ run, tokenId, visit }: Scope, path: string): string {
  return JSON.stringify([run.id, path, tokenId, visit])
}
