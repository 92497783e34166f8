import {
  type AnyNode,
  createEngine,
  type InputOf,
  type JoinRecord,
  memoryAudit,
  type OutputOf,
  type RunAllOptions,
  type RunAllResult,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'

/** Many items in a simulated world, with what they left behind. */
export interface SimItems<O> {
  readonly result: RunAllResult<O>
  readonly audit: TappedAudit
  readonly world: SimWorld
  readonly joins: readonly JoinRecord[]
  /** The outcome of each item's own token, by item; and of the token that came of a join, by its key. */
  readonly fates: Readonly<Record<string, string>>
}

/** Runs items in virtual time; fails the test when they never end, or when a token is not accounted for. */
export async function runAllInSim<N extends AnyNode>(
  node: N,
  source: Iterable<InputOf<N>> | AsyncIterable<InputOf<N>>,
  options: RunAllOptions<InputOf<N>, OutputOf<N>> = {},
  world: SimWorld = new SimWorld(),
): Promise<SimItems<OutputOf<N>>> {
  const audit = new TappedAudit(memoryAudit())
  const running = createEngine({ world, audit }).runAll(node, source, options)
  const end = await drive(world, running)
  if (end.kind !== 'settled') throw new Error(`the run ended as ${end.kind}`)
  await drain(world)
  const conserved = audit.conservation()
  if (!conserved.ok) throw new Error(`tokens are missing: ${JSON.stringify(conserved)}`)
  const { records } = audit
  const items = new Map(
    records.flatMap((each) => (each.kind === 'token' ? [[each.tokenId, each] as const] : [])),
  )
  const fates: Record<string, string> = {}
  for (const each of records) {
    if (each.kind !== 'outcome') continue
    const token = items.get(each.tokenId)
    const name = token?.item ?? each.tokenId
    fates[(token?.parentIds.length ?? 0) > 1 ? `joined ${name}` : name] = each.outcome
  }
  const joins = records.filter((each): each is JoinRecord => each.kind === 'join')
  return { result: await running, audit, world, joins, fates }
}
