import { list, listConnections } from '../../oracles/list-calls.ts'
import { abandonedTimers } from '../../world/globals/abandoned.ts'
import { keptTimers } from '../../world/globals/kept-timers.ts'
import type { DriveEnd } from '../../world/drive.ts'
import type { Observation, Runaway } from '../../scenario/observation.ts'
import { timersOf } from '../../scenario/timers-of.ts'
import type { Problem } from '../../scenario/verdict.ts'

/** What is wrong with a scenario that did not settle: what was pending, since when, and what most likely mends it. */
export function endProblem(end: Exclude<DriveEnd, { kind: 'settled' }>, observation: Observation): Problem {
  const code = end.kind === 'livelock' ? 'E_LIVELOCK' : 'E_STALL'
  return { code, message: messageOf(end, observation), at: [] }
}

function messageOf(end: Exclude<DriveEnd, { kind: 'settled' }>, observation: Observation): string {
  const at = `${observation.virtualMs} virtual ms`
  switch (end.kind) {
    case 'stalled':
      return (
        `The subject never settled: at ${at} no timer is left that could wake it. ${openCalls(observation)}` +
        (end.open.length > 0
          ? ` Real work is still open and gave no sign for all of \`limits.realMs\`: ${list(end.open.map(({ words, sinceMs }) => `${words} (since ${sinceMs} ms)`))}. Is the other side up, and does it answer?`
          : ` ${stallMend(observation)}`)
      )
    case 'livelock':
      return (
        (end.limit === 'jumps'
          ? `The subject was still setting timers after ${end.jumps} jumps of virtual time (\`limits.jumps\`), at ${at}.`
          : `The subject was still waiting after ${at}, longer than \`limits.virtualMs\`.`) +
        ` ${openCalls(observation)} Waiting: ${list(end.waiting)}. ` +
        'Give what repeats an end, or raise the limit if that many are right.'
      )
    case 'stuck':
      return `Real I/O did not settle within ${end.realMs} real ms, at ${at}: ${list(end.pins)}. Is its server up, and does it answer?`
  }
}

function stallMend({ calls, scenario, connectionsLeft }: Observation): string {
  if (connectionsLeft.length > 0)
    return `${listConnections(connectionsLeft)} is open and pushes nothing more: give what waits for it a timeout, or script how it goes on (\`push([…], last=end)\`).`
  const open = calls.filter((call) => call.settled === 'open')
  if (open.length > 0 && open.every(({ fault }) => fault === null))
    return 'The real thing is running: if it waits for something outside this process, such as a connection or a worker that is kept, say so with ports.fn(name, fn, { io: true }); if it may never answer, give what waits a timeout.'
  if (open.length > 0) return 'Give what waits a timeout, or use a fault that settles.'
  const stalled = calls.filter(({ fault }) => fault?.startsWith('stall'))
  if (stalled.length > 0)
    return `The body of ${list(stalled.map(({ point, nth }) => `${point} (call ${nth})`))} is not over: a limit has to hold until the body has been read, not only until the headers are there.`
  const general =
    'It awaits a promise that nobody settles: an event that was not emitted, a callback that was not called, a timer that a module set when it was loaded (in a test of your own that one is real), `Atomics.waitAsync` or `fs.watchFile` (they stay real), or work in native code that Node does not tell of (wrap it with ports.fn(name, fn, { io: true })).'
  return general + timersMend(scenario)
}

/** What there is to know about the subject's timers: which are virtual, and which are no more. */
function timersMend(scenario: Observation['scenario']): string {
  if (timersOf(scenario) === 'ports')
    return scenario.subject.kind === 'function' ? ' With `timers: ports`, only `ports.clock` is virtual.' : ''
  const kept = keptTimers.words()
  const inVain =
    kept.length === 0
      ? ''
      : ` Timers that modules keep from scenario to scenario (${list(kept)}) went on meanwhile, and woke nothing.`
  const abandoned = abandonedTimers()
  return abandoned.length === 0
    ? inVain
    : `${inVain} Timers that earlier scenarios began ended with them (${list(abandoned)}): a module that starts one once, and for ever, has to start it anew.`
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

function openCalls({ calls }: Observation): string {
  const open = calls.filter((call) => call.settled === 'open')
  if (open.length === 0) return 'No call to a boundary point is open.'
  return `Open: ${list(open.map(({ point, nth, fault, atMs }) => `${point} (call ${nth}, since ${atMs} ms${fault === null ? '' : `, fault ${fault}`})`))}.`
}
