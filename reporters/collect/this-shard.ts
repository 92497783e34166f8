import type { TestSpecification, Vitest } from 'vitest/node'

/**
 * The files of this shard: Vitest announces those of all shards and sorts out later. The sequencer that will do it is
 * asked the same question, so that a custom one counts too.
 */
export async function ofThisShard(
  vitest: Vitest,
  specifications: readonly TestSpecification[],
): Promise<readonly TestSpecification[]> {
  if (!vitest.config.shard || specifications.length === 0) return specifications
  const Sequencer = vitest.config.sequence.sequencer
  return new Sequencer(vitest).shard([...specifications])
}
