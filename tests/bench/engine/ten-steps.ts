import { pipeline, type PipelineNode, step } from 'shakedown'

export const STEPS = 10

/** The pipeline that most tables are about: ten steps that add one. */
export function tenSteps(): PipelineNode<number, number> {
  const add = (name: string) => step(name, async (n: number) => n + 1)
  return pipeline(
    'ten',
    Array.from({ length: STEPS }, (_, index) => add(`s${index}`)),
  )
}
