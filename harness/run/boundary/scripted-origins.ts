/** What nock compares a pattern with: a host name, an origin with its port, or one behind a method and before a path. */
const ORIGIN = /https?:\/\/[^/\s]+/u

/**
 * The pattern that nock compares origins with, for all interceptors of ours. nock asks its patterns in the order in which
 * they came, takes the first that fits for the only one, and never forgets one. So there is a single pattern, which fits
 * what the scenario that runs has a script for, and nothing once it is over: whoever uses nock besides us is not in our way,
 * nor we in theirs.
 */
class ScriptedOrigins extends RegExp {
  /** `undefined` in the list is any origin. */
  #scripted: readonly (string | undefined)[] = []

  constructor() {
    // nock keeps patterns by their text; nobody else has this one.
    super('shakedown scenarios')
  }

  script(origins: readonly (string | undefined)[]): void {
    this.#scripted = origins
  }

  override test(text: string): boolean {
    if (this.#scripted.length === 0) return false
    const [written] = ORIGIN.exec(text) ?? []
    // A bare host name is asked for when an origin has fitted already.
    if (written === undefined || this.#scripted.includes(undefined)) return true
    return this.#scripted.includes(URL.parse(written)?.origin)
  }
}

/** Every copy of this package in a process, as after `vi.resetModules()`, must find the one that nock knows. */
const KEY = Symbol.for('shakedown:scripted-origins')

const shared = globalThis as { [KEY]?: ScriptedOrigins }

export const scriptedOrigins: ScriptedOrigins = (shared[KEY] ??= new ScriptedOrigins())
