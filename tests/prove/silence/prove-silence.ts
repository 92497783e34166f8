import { parseArgs } from 'node:util'
import { type Finding, findings } from '../libraries/findings.ts'
import { Progress, tableOf } from '../table.ts'
import { type Alarm, alarmsOf, idleAlarm, troublesOf } from './prove-one.ts'
import type { SilentSubject } from '../libraries/subject.ts'
import { handWritten, libraries, startOtherSides } from './subjects.ts'

const HELP = `npm run prove:silence -- [options]

Runs correct subjects, libraries at their newest and hand-written ones, under every fault program in both timer modes,
and prints the alarms: problems of an oracle, stalls and livelocks. What is really wrong with a library's newest version
is listed apart, and reproduced in real time. Exit code 1 when there is an alarm.

  --rounds N     how many times over (default 10)
  --only WORD    only subjects whose name has the word in it
  --timers MODE  only those written for global or ports
  --messages     print each alarm with its message
  --help         this text
`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    timers: { type: 'string', default: '' },
    messages: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(HELP)
else process.exitCode = await prove()
// Libraries leave connections and timers of their own.
process.exit()

/** What became of one subject in all its troubles and rounds. */
interface Row {
  readonly subject: SilentSubject
  readonly programs: number
  readonly runs: number
  readonly alarms: readonly Alarm[]
  readonly found: ReadonlyMap<Finding, number>
}

async function prove(): Promise<number> {
  const stop = await startOtherSides()
  const usedFrom = process.cpuUsage()
  const wanted = [...libraries, ...handWritten].filter(
    ({ name, timers }) => name.includes(options.only) && timers.includes(options.timers),
  )
  const progress = new Progress()
  const rows: Row[] = []
  for (const subject of wanted) {
    progress.show(`${rows.length} of ${wanted.length}: ${subject.name} (${subject.timers})`)
    rows.push(await rowOf(subject))
  }
  progress.done()
  stop()
  const { user, system } = process.cpuUsage(usedFrom)
  console.log(tableOf([['subject', 'timers', 'programs', 'runs', 'alarms'], ...rows.map(cells)]))
  const alarms = rows.flatMap((row) => row.alarms)
  for (const line of linesOf(alarms)) console.log(line)
  const stillSo = await tellFindings(rows)
  const runs = rows.reduce((sum, row) => sum + row.runs, 0)
  const names = new Set(rows.map(({ subject }) => subject.name)).size
  console.log(
    `\nNode ${process.version}: ${names} subjects, ${runs} runs, ${((user + system) / 1e6).toFixed(0)} s of processor time: ${alarms.length} alarms.`,
  )
  return alarms.length === 0 && stillSo ? 0 : 1
}

async function rowOf(subject: SilentSubject): Promise<Row> {
  const troubles = troublesOf(subject)
  const alarms = await idleAlarm(subject)
  const found = new Map<Finding, number>()
  const rounds = Number(options.rounds)
  // Later rounds are the repetition that the second execution of the first is.
  for (let round = 0; round < rounds; round++)
    for (const trouble of troubles)
      for (const alarm of await alarmsOf(subject, trouble, round === 0)) {
        const finding = findings.find((each) => isMeant(each, alarm))
        if (finding === undefined) alarms.push(alarm)
        else found.set(finding, (found.get(finding) ?? 0) + 1)
      }
  return { subject, programs: troubles.length, runs: troubles.length * rounds, alarms, found }
}

function isMeant(finding: Finding, { subject, problem }: Alarm): boolean {
  return finding.subject.test(subject.name) && finding.alarm.test(problem.message)
}

function cells({ subject, programs, runs, alarms, found }: Row): string[] {
  const real = [...found].map(([{ library }, times]) => `${times} of a finding in ${library}`)
  return [subject.name, subject.timers, `${programs}`, `${runs}`, `${alarms.length}`, ...real]
}

/** Each kind of alarm once, with how often it came. */
function linesOf(alarms: readonly Alarm[]): string[] {
  const counts = new Map<string, number>()
  for (const { subject, trouble, problem } of alarms) {
    const { name, timers } = subject
    const words = options.messages
      ? ` under ${JSON.stringify(trouble)}\n      ${problem.message}`
      : `: ${problem.oracle ?? problem.code}`
    counts.set(`${name} (${timers})${words}`, (counts.get(`${name} (${timers})${words}`) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => `${String(count).padStart(5)} × ${key}`)
}

/** Lists what is really wrong, and whether it still is. What was not run tells nothing. */
async function tellFindings(rows: readonly Row[]): Promise<boolean> {
  let stillSo = true
  for (const finding of findings) {
    if (!rows.some(({ found }) => found.has(finding))) continue
    const reproduced = await finding.reproduce()
    stillSo &&= reproduced
    const { library, says, promise, link } = finding
    console.log(`\nA real finding: ${library}. ${says}\n  Promised: "${promise}" (${link})`)
    console.log(
      reproduced
        ? '  Reproduced in real time, without this tool.'
        : '  NOT REPRODUCED in real time: it is an alarm.',
    )
  }
  return stillSo
}
