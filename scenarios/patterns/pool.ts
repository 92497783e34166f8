import type { Ports } from 'shakedown/harness'

/** Keeps connections that have done their work for the next caller, and throws away those that died. */
class Pool {
  readonly #connect: () => Promise<string>
  readonly #idle: string[] = []

  constructor(connect: () => Promise<string>) {
    this.#connect = connect
  }

  /** A connection that was idle may have died unseen, so the work gets one more chance, on a new one. */
  async use<T>(work: (connection: string) => Promise<T>): Promise<T> {
    const idle = this.#idle.pop()
    if (idle === undefined) return this.#on(await this.#connect(), work)
    try {
      return await this.#on(idle, work)
    } catch (error) {
      if (!isDead(error)) throw error
      return this.#on(await this.#connect(), work)
    }
  }

  async #on<T>(connection: string, work: (connection: string) => Promise<T>): Promise<T> {
    try {
      const result = await work(connection)
      this.#idle.push(connection)
      return result
    } catch (error) {
      if (!isDead(error)) this.#idle.push(connection)
      throw error
    }
  }
}

function isDead(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ECONNRESET'
}

/** Three queries, one after the other. */
export async function queryThroughPool(_: null, ports: Ports): Promise<readonly string[]> {
  let opened = 0
  const query = ports.fn('query', async (connection: string) => `rows over ${connection}`)
  const pool = new Pool(ports.fn('connect', async () => `connection ${++opened}`))
  const answers: string[] = []
  for (let count = 0; count < 3; count++)
    answers.push(await pool.use(query).catch((error: Error) => error.message))
  return answers
}
