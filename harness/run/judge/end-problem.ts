import type { DriveEnd } from '../../world/drive.ts'
import type { Observation, Runaway } from '../../scenario/observation.ts'
import type { Problem } from '../../scenario/verdict.ts'

/** What is wrong with a scenario that did not settle. */
export function endProblem(end: Exclude<DriveEnd, { kind: 'settled' }>, observation: Observation): Problem {
  const at = `${observation.virtualMs} virtual ms`
  switch (end.kind) {
    case 'stalled':
      return {
        code: 'E_STALL',
        message:
          `The subject never settled: at ${at} no timer is left that could wake it. ${openCalls(observation)}` +
          (end.unpinned.length > 0
            ? ` Real I/O may be under way that the world was not told of (${end.unpinned.join(', ')}): wrap it with ports.fetch, or ports.fn(name, fn, { io: true }).`
            : ' Give what waits a timeout, or script something that ends.'),
        at: [],
      }
    case 'livelock':
      return {
        code: 'E_LIVELOCK',
        message: `The subject was still setting timers after ${end.jumps} jumps, at ${at}. ${openCalls(observation)} Waiting: ${list(end.waiting)}.`,
        at: [],
      }
    case 'stuck':
      return {
        code: 'E_STALL',
        message: `Real I/O did not settle within ${end.watchdogMs} real ms, at ${at}: ${list(end.pins)}. Is its server up, and does it answer?`,
        at: [],
      }
  }
}

/** What is wrong with a scenario whose subject would have gone on calling out for ever. */
export function runawayProblem({ callsMax, point }: Runaway, { virtualMs, calls }: Observation): Problem {
  const counts = new Map<string, number>()
  for (const call of calls) counts.set(call.point, (counts.get(call.point) ?? 0) + 1)
  const most = [...counts].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${name} (${count}×)`)
  return {
    code: 'E_RUNAWAY',
    message:
      `The subject called out ${callsMax} times by ${virtualMs} virtual ms and was stopped when it called ${point} again: ${list(most)}. ` +
      'It retries without an end. Give its retries a number or a deadline, and let the last error out.',
    at: [],
  }
}

const LISTED_MAX = 10

function openCalls({ calls }: Observation): string {
  const open = calls.filter((call) => call.settled === 'open')
  if (open.length === 0) return 'No call to a boundary point is open.'
  return `Open: ${list(open.map(({ point, nth, fault, atMs }) => `${point} (call ${nth}, since ${atMs} ms${fault === null ? '' : `, fault ${fault}`})`))}.`
}

function list(items: readonly string[]): string {
  const shown = [...new Set(items)]
  const more = shown.length - LISTED_MAX
  return `${shown.slice(0, LISTED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
