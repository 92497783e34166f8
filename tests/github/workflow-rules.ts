import { parseDocument } from 'yaml'

/** A house rule that a workflow or composite action breaks. */
export interface WorkflowViolation {
  readonly path: string
  readonly message: string
}

export interface WorkflowFile {
  /** Relative to the repository root. */
  readonly path: string
  readonly text: string
}

/** The parts of the two file formats that the rules look at; the offline linters hold the rest. */
interface Workflow {
  readonly on?: unknown
  readonly permissions?: unknown
  readonly jobs?: Readonly<Record<string, Job>>
  readonly runs?: { readonly steps?: readonly Step[] }
}

interface Job {
  readonly permissions?: unknown
  readonly 'timeout-minutes'?: unknown
  readonly uses?: string
  readonly steps?: readonly Step[]
}

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

/** A commit, which nobody can move under us; the release it is stands beside it for people and update bots. */
const PINNED = /@[0-9a-f]{40}$/
const RELEASE = /^ # v\d+\.\d+\.\d+$/

export function workflowViolations(file: WorkflowFile): WorkflowViolation[] {
  const workflow = parseDocument(file.text).toJS() as Workflow
  const jobs = Object.entries(workflow.jobs ?? {})
  const steps = [...jobs.flatMap(([, job]) => job.steps ?? []), ...(workflow.runs?.steps ?? [])]
  return [
    ...[...jobs.map(([, job]) => job), ...steps]
      .flatMap(({ uses }) => uses ?? [])
      .filter((uses) => !isPinned(uses, file.text))
      .map((uses) => `expected an action pinned as \`@<commit> # v<release>\`, got \`${uses}\``),
    ...(workflow.jobs ? workflowWide(workflow) : []),
    ...jobs.flatMap(([name, job]) => jobRules(name, job)),
    ...steps.flatMap(stepRules),
  ].map((message) => ({ path: file.path, message }))
}

function isPinned(uses: string, text: string): boolean {
  if (uses.startsWith('./')) return true
  return PINNED.test(uses) && RELEASE.test(restOfLine(uses, text))
}

function restOfLine(uses: string, text: string): string {
  const after = text.indexOf(uses) + uses.length
  return text.slice(after).split('\n', 1)[0]!
}

function workflowWide({ permissions, on }: Workflow): string[] {
  return [
    ...writes('the workflow', permissions ?? 'write-all'),
    // It runs with the base repository's secrets over a stranger's code.
    ...(JSON.stringify(on).includes('pull_request_target')
      ? ['expected pull_request, got pull_request_target']
      : []),
  ]
}

function jobRules(name: string, job: Job): string[] {
  return [
    ...(job.permissions === undefined ? [] : writes(`job ${name}`, job.permissions)),
    ...(job.uses === undefined && typeof job['timeout-minutes'] !== 'number'
      ? [`expected job ${name} to have timeout-minutes; the default is six hours`]
      : []),
  ]
}

function writes(where: string, permissions: unknown): string[] {
  const granted = typeof permissions === 'object' ? Object.values(permissions ?? {}) : [permissions]
  return granted.every((level) => level === 'read' || level === 'none')
    ? []
    : [`expected ${where} to be given permissions that only read, got ${JSON.stringify(permissions)}`]
}

function stepRules({ uses = '', run = '', with: given = {} }: Step): string[] {
  return [
    ...(run.includes('${{')
      ? ['expected values to reach a script through env, got an expression in run']
      : []),
    ...(uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false
      ? ['expected checkout with persist-credentials: false, which leaves no token for later steps']
      : []),
  ]
}
