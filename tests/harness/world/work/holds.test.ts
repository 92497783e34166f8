import { expect, test } from 'vitest'
import { type Hold, holdOf } from '../../../../harness/world/work/holds.ts'
import type { WorkKind } from '../../../../harness/world/work/kinds.ts'

const referenced = { hasRef: () => true }
const unreferenced = { hasRef: () => false }
const owned = (by: unknown) => ({ ...referenced, [Symbol('other')]: 1, [Symbol('owner_symbol')]: by })
const broken = {
  get hasRef(): never {
    throw new Error('nothing is left inside')
  },
}
const abortTimer = { ...unreferenced, _idleTimeout: 30_000, _onTimeout: () => "'TimeoutError'" }

test.for<[WorkKind, what: string, resource: object, Hold]>([
  ['handle', 'that is read', referenced, 'soft'],
  ['handle', 'that does not keep the process alive', unreferenced, 'none'],
  ['handle', 'that does not say whether it does', {}, 'none'],
  ['handle', 'that nobody reads', { ...referenced, reading: false }, 'none'],
  ['handle', 'whose socket holds data that the subject has not taken', owned({ readableLength: 3 }), 'none'],
  ['handle', 'whose socket is empty', owned({ readableLength: 0 }), 'soft'],
  ['handle', 'whose owner is no socket', owned({ readableLength: '3' }), 'soft'],
  ['handle', 'whose owner is gone', owned(null), 'soft'],
  ['handle', 'of something else', { ...referenced, [Symbol('other')]: { readableLength: 3 } }, 'soft'],
  ['handle', 'whose inside is gone', broken, 'none'],
  ['timer', 'of a short pause', { ...referenced, _idleTimeout: 100, _repeat: null }, 'timer'],
  ['timer', 'of a long one', { ...referenced, _idleTimeout: 101, _repeat: null }, 'weak'],
  ['timer', 'that repeats', { ...referenced, _idleTimeout: 50, _repeat: 50 }, 'weak'],
  ['timer', 'that does not say how long it waits', referenced, 'weak'],
  ['timer', 'of a pause that keeps no process alive', { ...unreferenced, _idleTimeout: 1_000 }, 'weak'],
  ['timer', 'of a limit that keeps no process alive', { ...unreferenced, _idleTimeout: 1_001 }, 'none'],
  ['timer', 'of an AbortSignal', abortTimer, 'weak'],
  ['timer', 'that is over', { ...referenced, _idleTimeout: 5, _destroyed: true }, 'none'],
  ['immediate', 'to come', { _destroyed: false }, 'firm'],
  ['immediate', 'taken back', { _destroyed: true }, 'none'],
  ['compressor', 'at work', { buffer: Buffer.from('x') }, 'firm'],
  ['compressor', 'at rest', { buffer: null }, 'none'],
  ['compressor', 'that failed', { ...owned({ _handle: null }), buffer: Buffer.from('x') }, 'none'],
  ['compressor', 'not begun', {}, 'none'],
  ['job', 'in another thread', { ondone: () => {} }, 'firm'],
  ['job', 'done on the spot', {}, 'none'],
  ['request', 'of any kind', {}, 'firm'],
])('a %s %s holds time so', ([kind, , resource, hold]) => {
  expect(holdOf(kind, resource)).toBe(hold)
})
