import type { AllPolicy, JoinPolicy } from './join-policy.ts'
import type { JoinMerge, Selected } from './join-spec.ts'

/**
 * What a join gives of outputs `Outputs`, by branch: under `all` every branch is there, under any other policy some may
 * be missing. `select` never gives anything but its branch.
 *
 * @example
 * const some: JoinedOutput<{ tone: number; facts: boolean }, QuorumPolicy, 'nested'> = { facts: true }
 */
export type JoinedOutput<Outputs, P extends JoinPolicy, M extends JoinMerge> =
  M extends Selected<infer B>
    ? string extends B
      ? Outputs[keyof Outputs]
      : Outputs[B & keyof Outputs]
    : M extends 'union'
      ? Whole<UnionOf<Outputs[keyof Outputs]>, P>
      : Whole<Outputs, P>

type Whole<Outputs, P extends JoinPolicy> = [P] extends [AllPolicy] ? Outputs : Partial<Outputs>

/** One object with the fields of all; which of several gave a field of one name is decided by the order of branches. */
type UnionOf<O> = { [F in FieldOf<O>]: O extends unknown ? (F extends keyof O ? O[F] : never) : never }

type FieldOf<O> = O extends unknown ? keyof O : never

/**
 * A merge of these branches: one that selects another branch does not compile.
 *
 * @example
 * const merge: MergeOf<Selected<'facts'>, 'facts' | 'tone'> = select('facts')
 */
export type MergeOf<M extends JoinMerge, B extends string> =
  M extends Selected<infer S> ? (string extends S ? M : S extends B ? M : Selected<B>) : M
