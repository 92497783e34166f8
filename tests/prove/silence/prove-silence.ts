import { habits } from './habits.ts'
import { type Alarm, alarmsOf, programsFor } from './prove-one.ts'
import { realWork, startServers } from './real-work.ts'

/**
 * `npm run prove:silence [rounds]` runs correct subjects under every program, in the timers they are written for, as many
 * times over as asked (default 10), and prints the alarms. Exit code 1 when there is one.
 */
const rounds = Number(process.argv[2] ?? 10)
const subjects = [...habits, ...realWork]
const stop = await startServers()
const alarms: Alarm[] = []
let runs = 0
const usedFrom = process.cpuUsage()
for (let round = 0; round < rounds; round++) {
  for (const subject of subjects) {
    for (const program of programsFor(subject)) {
      runs++
      alarms.push(...(await alarmsOf(subject, program)))
    }
  }
}
stop()
const { user, system } = process.cpuUsage(usedFrom)
const counts = new Map<string, number>()
for (const { subject, timers, problem } of alarms) {
  const key = `${subject} (${timers}): ${problem.oracle ?? problem.code}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
for (const [key, count] of counts) console.log(`${String(count).padStart(5)}  ${key}`)
if (process.argv.includes('--messages'))
  for (const { subject, timers, program, problem } of alarms)
    console.log(`\n${subject} (${timers}) under ${program}\n  ${problem.message}`)
console.log(
  `\nNode ${process.version}: ${subjects.length} subjects, ${runs} runs, ${((user + system) / 1e6).toFixed(1)} s of processor time: ${alarms.length} alarms`,
)
process.exitCode = alarms.length === 0 ? 0 : 1
process.exit()
