import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isMainThread } from 'node:worker_threads'

/** A process as others can find it again. */
export interface ProcessId {
  /**
   * Where its pid means a process: one boot of one machine, and one namespace of pids, because containers share a host
   * name more easily than pids. `null` where that cannot be told.
   */
  readonly place: string | null
  readonly pid: number
  /** When it was started, in the ticks of its machine; a later process of the same pid has another. `null` if unknown. */
  readonly born: string | null
}

/** 1 in the main thread, which lives as long as its process. Nobody can tell from outside whether a worker does. */
export const MAIN_THREAD: 0 | 1 = isMainThread ? 1 : 0

/** The field of `/proc/PID/stat` with the start, counted from the state, which follows the program's name. */
const STARTED_FIELD = 19
/** States of a process that is dead and that its parent has not asked after: a container without an init keeps those. */
const DEAD_STATES = 'ZX'

let own: ProcessId | undefined

/** This process; looked up when it is first asked for. */
export function ownProcess(): ProcessId {
  own ??= { place: ownPlace(), pid: process.pid, born: look(process.pid)?.born ?? null }
  return own
}

/** Whether a process lives; `undefined` when that cannot be told for certain. */
export function lives({ place, pid, born }: ProcessId): boolean | undefined {
  if (place === null || place !== ownProcess().place) return undefined
  if (!exists(pid)) return false
  const found = look(pid)
  if (found?.isDead === true) return false
  return born === null || found === undefined ? undefined : found.born === born
}

function ownPlace(): string | null {
  // These have no namespaces of pids: a pid that does not exist there is dead, whatever has happened since.
  if (process.platform === 'darwin' || process.platform === 'win32')
    return `${process.platform} ${hostname()}`
  // Of another namespace when this process has not got a `/proc` of its own: what it says of pids is not of these.
  if (attempt(() => readlinkSync('/proc/self')) !== String(process.pid)) return null
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'))
  return boot === null || namespace === null ? null : `${boot} ${namespace}`
}

function look(pid: number): { readonly isDead: boolean; readonly born: string | null } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (stat === null) return undefined
  // The program's name stands in brackets and may hold anything, brackets included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { isDead: DEAD_STATES.includes(fields[0] ?? ' '), born: fields[STARTED_FIELD] ?? null }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // Another user's process exists, too.
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function attempt(read: () => string): string | null {
  try {
    return read()
  } catch {
    return null
  }
}
