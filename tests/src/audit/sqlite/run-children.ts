import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface ChildEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script of this directory in several processes at once, and waits for all of them. */
export function runChildren(
  count: number,
  script: string,
  argumentsOf: (child: number) => readonly string[],
): Promise<ChildEnd[]> {
  const file = join(import.meta.dirname, 'children', script)
  return Promise.all(
    Array.from({ length: count }, (_, child) => {
      const started = spawn(process.execPath, ['--no-warnings', file, ...argumentsOf(child)])
      let stdout = ''
      let stderr = ''
      started.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      return new Promise<ChildEnd>((resolve, reject) => {
        started.once('error', reject)
        started.once('close', (code) => resolve({ code, stdout, stderr }))
      })
    }),
  )
}
