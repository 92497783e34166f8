import { didYouMean, suggest } from './nearest.ts'

/**
 * Words that people bring from other libraries, and what is meant here. The first that the options know is suggested;
 * they are no slips of the keyboard, so their letters say nothing.
 */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  attempts: ['maxAttempts', 'retries'],
  retry: ['retries', 'maxAttempts'],
  retries: ['maxAttempts'],
  maxretries: ['retries', 'maxAttempts'],
  maxattempts: ['retries'],
  timeout: ['timeoutMs'],
  max: ['maxIterations', 'maxTurns', 'maxAttempts'],
  times: ['maxIterations', 'retries'],
  limit: ['maxIterations', 'concurrency'],
  default: ['otherwise'],
  else: ['otherwise'],
  policy: ['join'],
  join: ['policy'],
  maxfailures: ['failuresMax'],
  failures: ['failuresMax'],
  threshold: ['failuresMax'],
  cooldown: ['coolDownMs'],
  resettimeout: ['coolDownMs'],
  delay: ['baseMs'],
  maxconcurrency: ['concurrency'],
  cost: ['costUsd'],
}

/** What is no option but is done in another way, told to nodes whose options have one of these. */
const ELSEWHERE: Readonly<Record<string, { readonly among: readonly string[]; readonly say: string }>> = {
  fallback: {
    among: ['retries', 'maxAttempts', 'maxIterations', 'otherwise', 'onBranchFailure'],
    say: 'A fallback is given after the node is built: `.fallback(node)`.',
  },
  durable: {
    among: ['keepResults'],
    say: 'A run over many items is not durable; give each of them to engine.run with `durable: true`.',
  },
  timeout: {
    among: ['branches', 'onBranchFailure'],
    say: 'A time limit is its join policy’s: `all({ timeoutMs: 60_000 })`.',
  },
}

/**
 * What to say after the name of an option that nobody knows: the one that is meant, the nearest name, or nothing.
 *
 * @example
 * meantOption('retry', ['retries', 'retryIf']) // ' Did you mean `retries`?'
 */
export function meantOption(name: string, known: readonly string[]): string {
  const word = name.toLowerCase()
  const meant = own(MEANT, word)?.find((each) => known.includes(each))
  if (meant !== undefined) return suggest(meant)
  const elsewhere = own(ELSEWHERE, word.replace(/ms$/, ''))
  if (elsewhere?.among.some((each) => known.includes(each)) === true) return ` ${elsewhere.say}`
  return didYouMean(name, known)
}

function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
