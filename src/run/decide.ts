import type { Scope } from './scope.ts'

/**
 * Asks the user's own code for a decision that is no step's: which way a choice goes, whether a loop is done, what an
 * iteration is given. A durable run that is carried on is told what was decided before, and the code is not asked again.
 *
 * @param path of the node that decides
 * @param what it decides, unique among the decisions of one visit to the node, such as `until`
 */
export async function decide<T>(
  { run, tokenId, visit }: Scope,
  path: string,
  what: string,
  ask: () => T | PromiseLike<T>,
): Promise<T> {
  if (run.durable === undefined) return await ask()
  return await run.durable.decide({ tokenId, visit, path }, what, ask)
}
