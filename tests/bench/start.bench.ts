import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { median } from './rounds.ts'

/*
 * What starting costs beside Vitest, in CPU time of the whole process tree: walls drown in the noise of a machine that
 * does other things. The package is measured as people have it, built and inside `node_modules`; run `npm run build` first.
 */

const ROUNDS = 9
/** How much more than Vitest a start may cost. */
const TARGET_RATIO = 1.5

const repository = path.join(import.meta.dirname, '../..')
const modules = path.join(repository, 'node_modules')
const project = mkdtempSync(path.join(tmpdir(), 'shakedown-start-'))
const bin = path.join(project, 'node_modules/shakedown/dist/harness/cli/bin.js')
const vitest = path.join(project, 'node_modules/vitest/vitest.mjs')

const PAIRS = {
  '--version': [
    [bin, '--version'],
    [vitest, '--version'],
  ],
  'run, one test': [
    [bin, 'run'],
    [vitest, 'run', 'one.test.ts'],
  ],
} as const

try {
  install()
  writeProject()
  for (const [name, [ours, theirs]] of Object.entries(PAIRS)) {
    const samples: { ours: number; theirs: number }[] = []
    // The first round fills the caches of compiled code.
    for (let round = -1; round < ROUNDS; round++) {
      const sample = { ours: cpuMs(ours), theirs: cpuMs(theirs) }
      if (round >= 0) samples.push(sample)
    }
    const ratio = median(samples.map((sample) => sample.ours / sample.theirs))
    const [own, their] = (['ours', 'theirs'] as const).map((who) =>
      median(samples.map((sample) => sample[who])).toFixed(0),
    )
    const kept = ratio <= TARGET_RATIO ? 'kept' : 'missed'
    console.log(
      `${name.padEnd(14)} shakedown ${own} ms, vitest ${their} ms of CPU: ${ratio.toFixed(2)}x (at most ${TARGET_RATIO}x: ${kept})`,
    )
  }
} finally {
  rmSync(project, { recursive: true, force: true })
}

/** The package itself is copied, because Vitest transforms what lies outside of `node_modules`; the others are links. */
function install(): void {
  const installed = path.join(project, 'node_modules')
  mkdirSync(installed)
  for (const name of readdirSync(modules))
    if (name !== 'shakedown' && !name.startsWith('.'))
      symlinkSync(path.join(modules, name), path.join(installed, name))
  for (const name of ['package.json', 'dist'])
    cpSync(path.join(repository, name), path.join(installed, 'shakedown', name), { recursive: true })
}

function writeProject(): void {
  const files = {
    'package.json': '{ "type": "module" }',
    'one.test.ts': "import { expect, test } from 'vitest'\ntest('adds', () => expect(1 + 1).toBe(2))\n",
    'subject.ts':
      "export const subject = (input, ports) => ports.fn('send', async (value) => value)(input)\n",
    'one.scenario.yaml':
      'name: sends\nsubject: ./subject.ts#subject\ninput: 1\nfaults: { fn:send: off }\nexpect: { status: completed }\n',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(project, name), text)
}

/**
 * CPU time, user and system, of a process and all that it started and waited for: a shell tells it, Node knows that of its
 * own process only.
 */
function cpuMs(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1'
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], {
    cwd: project,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Expected ${args.join(' ')} to end with 0, got ${status}.`)
  return stderr.split(' ').reduce((sum, seconds) => sum + Number(seconds) * 1000, 0)
}
