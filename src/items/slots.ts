import pLimit from 'p-limit'

/** Gives back a place; once is enough. */
export type GiveBack = () => void

/** Places for so many items at once; whoever waits for one gets it in turn. */
export class Slots {
  readonly #limit: ReturnType<typeof pLimit>

  constructor(count: number) {
    this.#limit = pLimit(count)
  }

  /** Resolves when there is a place. */
  take(): Promise<GiveBack> {
    return new Promise((taken) => {
      void this.#limit(() => new Promise<void>((giveBack) => taken(giveBack)))
    })
  }
}
