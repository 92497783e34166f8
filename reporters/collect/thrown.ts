import * as z from '../../src/base/zod.ts'

/** What is known of a thrown value, whatever it was. */
export interface Thrown {
  /** Absent where it has none. */
  readonly name: string | undefined
  readonly message: string | undefined
  readonly code: string | undefined
  readonly stack: unknown
  /** The frames that Vitest has mapped to sources. */
  readonly stacks: unknown
  readonly diff: string | undefined
  readonly cause: unknown
  /** The members of an aggregate. */
  readonly errors: readonly unknown[]
  /** Has a message or a stack. */
  readonly isError: boolean
  /** What is shown in place of a message: an object that is no error. */
  readonly dumped: unknown
}

/** A longer code is none. */
const CODE_CHARS_MAX = 100

/** What tells of an error besides its properties; any of it may be missing or be something else. */
const thrownSchema = z.object({
  name: z.string().min(1).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  code: z
    .union([z.string().min(1).max(CODE_CHARS_MAX), z.number()])
    .optional()
    .catch(undefined),
  stack: z.unknown().optional(),
  stacks: z.unknown().optional(),
  diff: z.string().optional().catch(undefined),
  cause: z.unknown().optional(),
  errors: z.array(z.unknown()).optional().catch(undefined),
})

/** What Vitest adds to what was thrown. */
const ADDED = new Set(['name', 'stack', 'stacks', 'stackStr', 'diff', 'constructor'])
const ADDED_TYPES: ReadonlySet<unknown> = new Set(['Unhandled Rejection', 'Uncaught Exception'])

/** Errors arrive as `Error`, as Vitest's plain copy of one, or as anything at all that was thrown. */
export function readThrown(thrown: unknown): Thrown {
  if (typeof thrown !== 'object' || thrown === null) return { ...NOTHING, message: String(thrown) }
  const parsed = thrownSchema.safeParse(thrown)
  if (!parsed.success) return { ...NOTHING, dumped: thrown }
  const { name, message, code, stack, stacks, diff, cause, errors = [] } = parsed.data
  const isError = message !== undefined || typeof stack === 'string'
  return {
    name,
    message,
    code: code === undefined ? undefined : String(code),
    stack,
    stacks,
    diff,
    cause: cause ?? undefined,
    errors: isError ? errors : [],
    isError,
    dumped: isError ? undefined : ownOf(thrown),
  }
}

const NOTHING: Thrown = {
  name: undefined,
  message: undefined,
  code: undefined,
  stack: undefined,
  stacks: undefined,
  diff: undefined,
  cause: undefined,
  errors: [],
  isError: false,
  dumped: undefined,
}

/** What the thrower has put into an object; `undefined` when that is nothing. */
function ownOf(thrown: object): unknown {
  const own = Object.entries(thrown).filter(([key, value]) => !isAdded(key, value))
  return own.length === 0 ? undefined : Object.fromEntries(own)
}

function isAdded(key: string, value: unknown): boolean {
  if (key === 'cause' || value === undefined || ADDED.has(key) || key.startsWith('VITEST_')) return true
  if (key === 'type') return ADDED_TYPES.has(value)
  // How Vitest writes the methods of a class.
  return typeof value === 'string' && value.startsWith('Function<')
}
