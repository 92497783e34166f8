import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteAudit, systemWorld } from 'shakedown'
import { temporaryDirectory } from '../audit/temporary-file.ts'

/** A store in a file, and copies of the file as it is after each commit: what a kill at that moment leaves. */
export function photographed() {
  const folder = temporaryDirectory()
  const file = join(folder, 'runs.db')
  const copies: string[] = []
  const { clock } = systemWorld()
  const afterTurn = (callback: () => void): void =>
    clock.afterTurn(() => {
      callback()
      const copy = join(folder, `${copies.length}.db`)
      copies.push(copy)
      for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end)
    })
  return { copies, audit: openSqliteAudit(file, { clock: { ...clock, afterTurn } }) }
}
