import { spawn } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LastWords } from './output-tail.ts'
import { readNews } from './messages.ts'
import type { News, Order, Refused, VitestJob } from './messages.ts'

/** What tests that were started get to come to their end after the first Ctrl-C, in milliseconds. */
const STOP_GRACE_MS = 5_000
/** What Vitest's process gets to be gone after it said that it is done, in milliseconds. */
const EXIT_GRACE_MS = 5_000

/** How the process that ran Vitest ended. */
export type ChildEnd =
  | { readonly kind: 'finished' }
  /** Its tests were done, but it would not close and was killed. */
  | { readonly kind: 'lingered'; readonly limitMs: number }
  | { readonly kind: 'refused'; readonly refusal: Refused }
  /** Somebody wanted it to end. */
  | { readonly kind: 'stopped'; readonly signal: NodeJS.Signals }
  /** It was gone before it was done. */
  | { readonly kind: 'died'; readonly how: string; readonly lastWords: string }

export interface SuperviseOptions {
  readonly job: VitestJob
  /** Where the child's own output goes: kept for an obituary, or passed on. */
  readonly childOutput: 'kept' | 'stdout' | 'stderr'
  readonly onNews: (news: News) => void
  /** A signal asked for the end. `killing`: what still runs is killed now. */
  readonly onStop: (signal: NodeJS.Signals, killing: boolean) => void
}

/** The signals that ask this process to end. Only the first Ctrl-C leaves time for manners. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs Vitest in a process of its own and outlives it, whatever becomes of it: a supervisor that lived inside would
 * die with an out-of-memory worker thread, a `process.exit` in a plugin or a `kill -9`.
 *
 * The child leads a process group, so that a spinning worker dies with it instead of heating an orphaned core.
 * Composed of: this file (the process), messages.ts (what is said), vitest-work.ts (the other end).
 */
export async function superviseVitest(options: SuperviseOptions): Promise<ChildEnd> {
  const supervision = new Supervision(options)
  const handlers = SIGNALS.map((signal) => [signal, () => supervision.stop(signal)] as const)
  for (const [signal, handler] of handlers) process.on(signal, handler)
  try {
    return await supervision.end
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}

class Supervision {
  readonly end: Promise<ChildEnd>
  readonly #child: ChildProcess
  readonly #onStop: SuperviseOptions['onStop']
  readonly #lastWords = new LastWords()
  #finished = false
  #lingeredMs: number | undefined
  #refusal: Refused | undefined
  #stoppedBy: NodeJS.Signals | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor({ job, childOutput, onNews, onStop }: SuperviseOptions) {
    this.#onStop = onStop
    this.#child = spawnChild(childOutput)
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#lastWords.hear(chunk))
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#lastWords.hear(chunk))
    this.#child.on('message', (message) => {
      const news = readNews(message)
      if (news) this.#hear(news, onNews)
    })
    this.end = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('exit', (code, signal) => {
        clearTimeout(this.#killTimer)
        if (!this.#finished) this.#killGroup()
        resolve(this.#endOf(code, signal))
      })
    })
    this.#send({ kind: 'run', job })
  }

  /** Asks nicely once, for a moment; a second request, or one that is not a Ctrl-C, kills. */
  stop(signal: NodeJS.Signals): void {
    const killing = this.#stoppedBy !== undefined || signal !== 'SIGINT'
    this.#stoppedBy ??= signal
    this.#onStop(signal, killing)
    if (killing) return this.#killGroup()
    this.#send({ kind: 'stop' })
    this.#killIn(STOP_GRACE_MS)
  }

  #hear(news: News, onNews: (news: News) => void): void {
    if (news.kind === 'refused') this.#refusal = news
    if (news.kind === 'closing') this.#killIn(news.limitMs, () => (this.#lingeredMs = news.limitMs))
    if (news.kind === 'finished') {
      this.#finished = true
      this.#killIn(EXIT_GRACE_MS)
    }
    onNews(news)
  }

  #endOf(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
    if (this.#refusal) return { kind: 'refused', refusal: this.#refusal }
    if (this.#stoppedBy) return { kind: 'stopped', signal: this.#stoppedBy }
    if (this.#finished) return { kind: 'finished' }
    if (this.#lingeredMs !== undefined) return { kind: 'lingered', limitMs: this.#lingeredMs }
    const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`
    return { kind: 'died', how, lastWords: this.#lastWords.text() }
  }

  #killIn(graceMs: number, before?: () => void): void {
    clearTimeout(this.#killTimer)
    this.#killTimer = setTimeout(() => {
      before?.()
      this.#killGroup()
    }, graceMs)
  }

  #killGroup(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      // Windows has no process groups; there the workers end when the pipe to their parent breaks.
      if (process.platform === 'win32') this.#child.kill('SIGKILL')
      else process.kill(-pid, 'SIGKILL')
    } catch {
      // Nobody of the group is left.
    }
  }

  #send(order: Order): void {
    // A child that is gone has told us by its exit; it needs no orders.
    if (this.#child.connected) this.#child.send(order, () => {})
  }
}

/** The same Node with the same flags: import conditions and preloads of this process hold for the child too. */
function spawnChild(childOutput: SuperviseOptions['childOutput']): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const script = fileURLToPath(new URL(`../child/vitest-child.${extension}`, import.meta.url))
  const out = { kept: 'pipe', stdout: 1, stderr: 2 } as const
  const stdio: StdioOptions = ['ignore', out[childOutput], childOutput === 'kept' ? 'pipe' : 2, 'ipc']
  return spawn(process.execPath, [...process.execArgv, script], {
    stdio,
    // On Windows this would open a console window.
    detached: process.platform !== 'win32',
  })
}
