import type { SourceLocation } from '../report/error-info.ts'
import type { ProjectPaths } from './project-paths.ts'

/** Frames kept of one stack. */
const FRAMES_MAX = 30

/** Stack text longer than this is an error message that only looks like a stack. */
const STACK_LINES_MAX = 500

/** One call on a stack. */
export interface Frame {
  /** Function name; empty for anonymous ones. */
  readonly method: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** `at method (file:line:column)`, `at async file:line:column`. */
const FRAME = /^\s*at (?:async )?(?:(?<method>.*?) \()?(?<file>.+?):(?<line>\d+):(?<column>\d+)\)?$/

/** The test runner's own machinery: never what a person debugs. */
const MACHINERY = /^node:|\/node_modules\/(?:vitest|@vitest|vite|vite-node)\/|^native$|<anonymous>/

const SCENARIO_FILE = /\.ya?ml$/

/**
 * The frames of an error, from where it was thrown outwards.
 *
 * Vitest maps `stacks` to sources; an unhandled error has only its raw `stack`, which Node has mapped already.
 */
export function framesOf(error: { readonly stacks?: unknown; readonly stack?: unknown }): Frame[] {
  if (Array.isArray(error.stacks) && error.stacks.length > 0)
    return error.stacks.filter(isFrame).slice(0, FRAMES_MAX)
  if (typeof error.stack !== 'string') return []
  const frames = error.stack.split('\n', STACK_LINES_MAX).flatMap((line) => parseFrame(line) ?? [])
  return frames.filter(({ file }) => !MACHINERY.test(file)).slice(0, FRAMES_MAX)
}

function parseFrame(line: string): Frame | undefined {
  const groups = FRAME.exec(line)?.groups
  if (!groups) return undefined
  const { method = '', file = '' } = groups
  return { method, file, line: Number(groups['line']), column: Number(groups['column']) }
}

function isFrame(value: unknown): value is Frame {
  if (typeof value !== 'object' || value === null) return false
  const { method, file, line, column } = value as Partial<Record<keyof Frame, unknown>>
  return typeof method === 'string' && typeof file === 'string' && isPosition(line) && isPosition(column)
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

/** The frame to open first: the scenario file a check is in, else the project's own innermost frame. */
export function locate(frames: readonly Frame[], paths: ProjectPaths): SourceLocation | null {
  const own = frames.filter(
    ({ file, line, column }) => paths.isOwn(file) && isPosition(line) && isPosition(column),
  )
  const frame = own.find(({ file }) => SCENARIO_FILE.test(file)) ?? own[0]
  return frame ? { file: paths.relative(frame.file), line: frame.line, column: frame.column } : null
}

/** The frames as text; `null` when there are none. */
export function printFrames(frames: readonly Frame[], paths: ProjectPaths): string | null {
  if (frames.length === 0) return null
  return frames
    .map(({ method, file, line, column }) => {
      const place = `${paths.relative(file)}:${line}:${column}`
      return method ? `at ${method} (${place})` : `at ${place}`
    })
    .join('\n')
}
