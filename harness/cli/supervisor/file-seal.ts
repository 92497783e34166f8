import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { lstatOf } from '../stat-of.ts'

/** How a file was when it was written. Reading it again would cost every run more than looking at it. */
export interface FileSeal {
  /** Absolute. */
  readonly file: string
  readonly bytes: number
  /** Since the epoch, with its fraction: whoever writes the file again changes it. */
  readonly modifiedMs: number
}

/** @returns `undefined` where there is no file, or something else in its place: a link, a folder */
export function sealOf(file: string): FileSeal | undefined {
  const stat = lstatOf(file)
  return stat?.isFile() === true ? { file, bytes: stat.size, modifiedMs: stat.mtimeMs } : undefined
}

/** Whether nobody has touched the file since. */
export function isIntact({ file, bytes, modifiedMs }: FileSeal): boolean {
  const now = sealOf(file)
  return now?.bytes === bytes && now.modifiedMs === modifiedMs
}

/** What a journal begins with, as the process that wrote it knows it. */
export interface Contents {
  readonly bytes: number
  readonly sha256: string
}

/** Whether a text begins with these contents; what was added after them is somebody else's matter. */
export function beginsWith(text: Buffer, { bytes, sha256 }: Contents): boolean {
  return createHash('sha256').update(text.subarray(0, bytes)).digest('hex') === sha256
}

/** A journal longer than this is not read a second time: that of some 20 000 tests, and 10 ms. */
const READ_BYTES_MAX = 8 * 1024 * 1024

/** Whether a file that is not too long holds these contents. */
export function holds(file: string, contents: Contents): boolean {
  if (contents.bytes > READ_BYTES_MAX) return true
  try {
    return beginsWith(readFileSync(file), contents)
  } catch {
    return false
  }
}
