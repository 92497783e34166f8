import { spawn } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { modulePath } from '../../settings/own-package.ts'
import { OutputTail } from './output-tail.ts'
import { readChildMessage } from './messages.ts'
import type { ChildMessage, ParentMessage, Refused, VitestJob } from './messages.ts'

/** What tests that were started get to come to their end after the first Ctrl-C, in milliseconds. */
const STOP_GRACE_MS = 5_000
/** What Vitest's process gets to be gone after it said that it is done, in milliseconds. */
const EXIT_GRACE_MS = 5_000

/** How the process that ran Vitest ended. */
export type ChildEnd =
  | {
      readonly kind: 'finished'
      /** What the process ended with; 0 where failing tests are the only reason for another. */
      readonly exitCode: number
      /** What Vitest called an error after its tests; may be empty. */
      readonly complaints: string
    }
  /** Its tests were done, but it would not close and was killed. */
  | { readonly kind: 'lingered'; readonly limitMs: number }
  | { readonly kind: 'refused'; readonly refusal: Refused }
  /** A signal asked this process to end it. */
  | { readonly kind: 'stopped'; readonly signal: NodeJS.Signals }
  /** It was gone before it was done. */
  | { readonly kind: 'died'; readonly how: string; readonly lastOutput: string }

export interface SuperviseOptions {
  readonly job: VitestJob
  /** Where the child's own output goes: its end is kept for the message about a death, or all is passed on. */
  readonly childOutput: 'kept' | 'stdout' | 'stderr'
  readonly onMessage: (message: ChildMessage) => void
  /** A signal asked for the end. `killing`: what still runs is killed now. */
  readonly onStop: (signal: NodeJS.Signals, killing: boolean) => void
}

/** The signals that ask this process to end. Only the first Ctrl-C leaves tests time to end. */
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
  readonly #outputTail = new OutputTail()
  #finished: Extract<ChildMessage, { kind: 'finished' }> | undefined
  #lingeredMs: number | undefined
  #refusal: Refused | undefined
  #stoppedBy: NodeJS.Signals | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor({ job, childOutput, onMessage, onStop }: SuperviseOptions) {
    this.#onStop = onStop
    this.#child = spawnChild(childOutput)
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#outputTail.add(chunk))
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#outputTail.add(chunk))
    this.#child.on('message', (data) => {
      const message = readChildMessage(data)
      if (message) this.#receive(message, onMessage)
    })
    this.end = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('exit', (code, signal) => {
        clearTimeout(this.#killTimer)
        if (this.#finished === undefined) this.#killGroup()
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

  #receive(message: ChildMessage, onMessage: (message: ChildMessage) => void): void {
    if (message.kind === 'refused') this.#refusal = message
    if (message.kind === 'closing') this.#killIn(message.limitMs, () => (this.#lingeredMs = message.limitMs))
    if (message.kind === 'finished') {
      this.#finished = message
      this.#killIn(EXIT_GRACE_MS)
    }
    onMessage(message)
  }

  #endOf(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
    if (this.#refusal) return { kind: 'refused', refusal: this.#refusal }
    if (this.#stoppedBy) return { kind: 'stopped', signal: this.#stoppedBy }
    // Without a code it was killed by this process, because something of the project kept it alive.
    if (this.#finished)
      return { kind: 'finished', exitCode: code ?? 0, complaints: this.#finished.complaints }
    if (this.#lingeredMs !== undefined) return { kind: 'lingered', limitMs: this.#lingeredMs }
    const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`
    return { kind: 'died', how, lastOutput: this.#outputTail.text() }
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
      // No process of the group is left.
    }
  }

  #send(message: ParentMessage): void {
    // A child that is gone has told us by its exit; it needs no messages.
    if (this.#child.connected) this.#child.send(message, () => {})
  }
}

/** The same Node with the same flags: import conditions and preloads of this process hold for the child too. */
function spawnChild(childOutput: SuperviseOptions['childOutput']): ChildProcess {
  const script = modulePath('harness/cli/child/vitest-child')
  const out = { kept: 'pipe', stdout: 1, stderr: 2 } as const
  const stdio: StdioOptions = ['ignore', out[childOutput], childOutput === 'kept' ? 'pipe' : 2, 'ipc']
  return spawn(process.execPath, [...process.execArgv, script], {
    stdio,
    // On Windows this would open a console window.
    detached: process.platform !== 'win32',
  })
}
