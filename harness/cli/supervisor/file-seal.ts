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
