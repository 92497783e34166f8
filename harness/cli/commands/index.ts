import type { CommandEntry } from './command.ts'

/** Every command, in the order of `--help`. To add one, write its file and add its line. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'run', summary: 'run scenario suites and write the report', load: () => import('./run.ts') },
  { name: 'report', summary: 'make the report of a run from its journal', load: () => import('./report.ts') },
  { name: 'runs', summary: 'list the runs of an audit trail', load: () => import('./runs.ts') },
  { name: 'explain', summary: 'explain one run', load: () => import('./explain.ts') },
  { name: 'adapters', summary: 'show how adapters have done', load: () => import('./adapters.ts') },
]
