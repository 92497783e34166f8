import { JournalWriter } from '../../../../reporters/journal/writer.ts'
import { runStarted, testFinished } from '../../support/events.ts'

// Writes the journal `run-1` in the folder given, and prints what the system did not take of it.
const [folder = ''] = process.argv.slice(2)
const writer = new JournalWriter(folder, 'run-1')
writer.append(runStarted())
for (let number = 0; number < 20; number++)
  writer.append(testFinished('a.test.ts', `test ${number}`, 'passed'))
const unwritten = writer.unwritten()
writer.close()
process.stdout.write(unwritten?.text ?? '')
