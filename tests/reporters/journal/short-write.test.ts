import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseJournal } from '../../../reporters/journal/reader.ts'
import { needs } from '../../support/systems.ts'
import { tempDir } from '../support/temp-dir.ts'

const script = path.join(import.meta.dirname, 'children/write-beyond.ts')

test('of a line that the system takes half of, the rest is kept: the journal and what is left are the whole story', (context) => {
  needs(context, 'posix', 'Windows has no limit to the size of a file that a process may write')
  using dir = tempDir()
  // A file may grow to one block of 512 or 1,024 bytes; what would go beyond it is cut off first, and refused then.
  const left = execFileSync('sh', [
    '-c',
    'trap "" XFSZ; ulimit -f 1; exec "$0" "$1" "$2"',
    process.execPath,
    script,
    dir.path,
  ])
  const journal = readFileSync(path.join(dir.path, 'journal/run-1.jsonl'))
  expect([512, 1024]).toContain(journal.length)
  expect(journal.at(-1)).not.toBe('\n'.codePointAt(0))
  const { events, problems } = parseJournal(Buffer.concat([journal, left]).toString(), 'whole')
  expect(problems).toEqual([])
  expect(events.map((event) => ('test' in event ? event.test : event.type))).toEqual([
    'run-started',
    ...Array.from({ length: 20 }, (_, number) => `test ${number}`),
  ])
})
