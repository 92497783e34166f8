import { parseArgs } from 'node:util'
import { Progress, tableOf } from '../table.ts'
import { bugs, finder, isTold, type Tried, tryBug } from './try-bug.ts'

const HELP = `npm run prove:bugs -- [options]

Runs published versions of libraries that have a documented bug, and beside each the version that mended it. The first
must be flagged, the second not. Prints what found each. Exit code 1 when one is not told from the other.

  --only WORD   only libraries whose name has the word in it
  --messages    print what was said of each
  --help        this text
`

/** So many must be found, and so many of them with nothing expected. */
const FOUND_MIN = 12
const BY_ORACLE_MIN = 8

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    messages: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(HELP)
else process.exitCode = await prove()
// Libraries leave connections and timers of their own.
process.exit()

async function prove(): Promise<number> {
  const progress = new Progress()
  const tried: Tried[] = []
  const wanted = bugs.filter(({ alias }) => alias.includes(options.only))
  for (const bug of wanted) {
    progress.show(`${tried.length} of ${wanted.length}: ${bug.alias}`)
    tried.push(await tryBug(bug))
  }
  progress.done()
  console.log(tableOf([['before', 'after', 'by', 'found by', ''], ...tried.map(row)]))
  for (const one of tried) if (options.messages || !isTold(one)) console.log(`\n${said(one)}`)
  const told = tried.filter(isTold)
  const byOracle = told.filter(({ bug }) => bug.by === 'no expectation').length
  console.log(
    `\nNode ${process.version}: ${told.length} of ${tried.length} told from their mend, ${byOracle} with nothing expected.`,
  )
  if (told.length < tried.length) return 1
  return options.only === '' && (told.length < FOUND_MIN || byOracle < BY_ORACLE_MIN) ? 1 : 0
}

function row(tried: Tried): string[] {
  const { bad, good, bug } = tried
  return [bad, good, bug.by, isTold(tried) ? finder(tried) : 'NOT TOLD', bug.link]
}

function said({ bug, bad, good, before, after }: Tried): string {
  const lines = [`${bad}: ${bug.says}`, ...before.map(({ code, message }) => `  ${code} ${message}`)]
  return [...lines, `${good}:`, ...after.map(({ code, message }) => `  ${code} ${message}`)].join('\n')
}
