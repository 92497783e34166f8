import type { Reporter } from '@stryker-mutator/api/report'
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { describe, isMissed, isTried, type Tried } from './judge.ts'

/** A line now and then says that it goes on. */
const EVERY = 25

/** What became of the mutants of the sample so far, of every part. Stryker itself gives results only at a part's end. */
export const tried: Tried[] = []

/** Tells each survivor when it is found, so that an interrupted run leaves what it has. */
const progress: Reporter = {
  onMutantTested(mutant) {
    if (!isTried(mutant)) return
    tried.push(mutant)
    if (isMissed(mutant)) tell(`no test noticed ${describe(mutant, process.cwd()).replaceAll('\n', '')}`)
    if (tried.length % EVERY === 0)
      tell(`${tried.length} tried, ${tried.filter(isMissed).length} not noticed`)
  },
}

function tell(news: string): void {
  process.stdout.write(`Mutation testing: ${news}\n`)
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [declareValuePlugin(PluginKind.Reporter, 'shakedown', progress)]
