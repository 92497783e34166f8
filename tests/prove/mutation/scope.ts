/** What is mutated: the code that decides what a verdict says. Rendering, storage and the command line are not in it. */
export const MUTATED: readonly string[] = [
  'src/engine.ts',
  'src/{run,nodes,policy,context}/**/*.ts',
  'src/base/*.ts',
  'harness/{world,oracles}/**/*.ts',
  'harness/faults/play/**/*.ts',
  'harness/run/{execution,run-scenario,boundaries,expect,end-problem,problems}.ts',
]

/** The tests that may kill a mutant: those of the same rooms, which run inside Vitest's own worker. */
export const KILLERS: readonly string[] = [
  'tests/src/*.test.ts',
  'tests/src/{run,nodes,policy,context,base,world}/**/*.test.ts',
  'tests/src/audit/explain/**/*.test.ts',
  'tests/harness/{world,oracles,run}/**/*.test.ts',
  'tests/harness/faults/*.test.ts',
  'tests/harness/faults/{play,points}/**/*.test.ts',
]
