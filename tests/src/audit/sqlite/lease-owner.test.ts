import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { LeaseOwner, type LeaseRow } from '../../../../src/audit/sqlite/write/lease-owner.ts'
import { ownProcess } from '../../../../src/audit/sqlite/write/own-process.ts'
import { needs } from '../../../support/systems.ts'
import { manualClock } from '../manual-clock.ts'

const owner = new LeaseOwner(manualClock())
const row: LeaseRow = {
  ...ownProcess(),
  run: 1,
  owner: 'theirs',
  host: owner.host,
  main: 1,
  expiresWallMs: 0,
}
const inTime: LeaseRow = { ...row, expiresWallMs: Infinity }
/** Above what Linux gives. */
const NOBODY = 4_194_305

test.for([
  ['a pid of this place that is nobody’s is dead', { ...inTime, pid: NOBODY }, false],
  ['a pid of another place may be anybody’s', { ...inTime, pid: NOBODY, place: 'elsewhere' }, true],
  ['a pid of no known place may be anybody’s', { ...inTime, pid: NOBODY, place: null }, true],
  ['what is elsewhere is dead when its time is over', { ...row, place: 'elsewhere' }, false],
  ['a later process of the same pid is not the one', { ...inTime, born: '1' }, false],
  ['of a process whose start is not known, time tells', { ...row, born: null }, false],
  ['and it may be alive until then', { ...inTime, born: null }, true],
  ['the main thread lives as long as its process, late or not', row, true],
  ['of a worker thread time tells', { ...row, main: 0 }, false],
  ['and it may be alive until then', { ...inTime, main: 0 }, true],
] as const)('%s', ([, lease, alive], context) => {
  needs(context, 'linux', 'when a process was started is read in /proc')
  expect(owner.isAlive(lease)).toBe(alive)
})

test('a process that was killed is dead, also when its parent never asks after it', async (context) => {
  needs(context, 'linux', 'whether a process is a zombie is read in /proc')
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'])
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [pid] = await once(parent.stdout, 'data')
  // Until the shell has become the one that never asks.
  await expect.poll(() => owner.isAlive({ ...inTime, born: null, pid: Number(String(pid)) })).toBe(false)
  expect(process.kill(Number(String(pid)), 0)).toBe(true)
})

test('a store that was closed is at work on nothing, even when its leases are still in the file', () => {
  const closed = new LeaseOwner(manualClock())
  closed.hold(1)
  const lease: LeaseRow = { ...inTime, owner: closed.id }
  expect(owner.isAlive(lease)).toBe(true)
  closed.close()
  expect(owner.isAlive(lease)).toBe(false)
})
