import * as z from '../../../src/base/zod.ts'
import type { Layer } from '../../settings/settle.ts'

/** What the supervisor asks of the process that runs Vitest. */
export type ParentMessage =
  | { readonly kind: 'run'; readonly job: VitestJob }
  /** End what is running and go; the tests that were started may come to their end. */
  | { readonly kind: 'stop' }

/** Everything the child needs to know; it reads no flags and no environment of its own. */
export interface VitestJob {
  /** URL of the project's `vitest/node`. */
  readonly vitestUrl: string
  readonly vitestVersion: string
  readonly cwd: string
  /** Absolute files and folders to take tests from; without parts, too, empty for all of the project. */
  readonly places: readonly string[]
  /** Parts of the paths of further files to take. */
  readonly parts: readonly string[]
  /** Only scenario files count. */
  readonly scenariosOnly: boolean
  /** Absolute paths of the scenario files that were asked for; empty when they were not searched for. */
  readonly found: readonly string[]
  /** Source of a regular expression that full test names must match. */
  readonly name: string | undefined
  /** The Vitest configuration file; `undefined` for the one that Vitest finds. */
  readonly config: string | undefined
  /** What flags and the environment give; it wins over the plugin's own options. */
  readonly overrides: Layer
  /** Let Vitest's own reporters speak. */
  readonly verbose: boolean
  /** Tell the settings and run nothing. */
  readonly settingsOnly: boolean
  /** How the supervisor prints the report. */
  readonly printing: Printing
}

/** What is printed at the end, and where. */
export interface Printing {
  /** The report as JSON instead of the summary. */
  readonly machine: boolean
  readonly color: boolean
  readonly columns: number
}

const count = z.int().min(0)
/**
 * The channel leaves out what is `undefined`. The transform changes nothing but the type: it makes the key required.
 */
const maybeText = z
  .string()
  .optional()
  .transform((text) => text)

const refused = z.object({
  kind: z.literal('refused'),
  code: z.string(),
  message: z.string(),
  hint: maybeText,
})

/** What did not get into the journal, or is no longer in its place, and why; no error when all is in it. */
const unwritten = z.object({
  kind: z.literal('unwritten'),
  /** It belongs after the journal. */
  text: z.string(),
  error: z.object({ code: z.string(), message: z.string(), hint: maybeText }).exactOptional(),
  /** What the journal holds when all is in it and nobody else has changed it. */
  whole: z.object({ bytes: count, sha256: z.string() }).exactOptional(),
})

const progress = z.object({
  kind: z.literal('progress'),
  files: count,
  filesDone: count,
  testsDone: count,
  failed: count,
})

const reported = z.object({
  kind: z.literal('reported'),
  exitCode: z.literal([0, 1, 2, 3, 4]),
  /** What is to be printed. */
  text: z.string(),
  /** How long the journal was then. When it is no more, something happened that the report does not know. */
  journalBytes: count,
  /** The report's files as they were written; none when none was to be. */
  files: z.array(z.object({ file: z.string(), bytes: count, modifiedMs: z.number() })),
})

const settings = z.object({
  /** Absolute. */
  root: z.string(),
  /** Absolute; `undefined` when the project has none. */
  configFile: maybeText,
  /** Absolute. */
  reportDir: z.string(),
  values: z.array(z.object({ name: z.string(), value: z.unknown().optional(), from: z.string() })),
})

const childMessage = z.discriminatedUnion('kind', [
  refused,
  z.object({ kind: z.literal('settled'), settings }),
  /** A sentence people should read although nothing is refused. */
  z.object({ kind: z.literal('notice'), sentence: z.string() }),
  z.object({ kind: z.literal('started'), journal: z.string(), files: count }),
  progress,
  unwritten,
  reported,
  /** All is done but closing Vitest, which gets this long, in milliseconds. */
  z.object({ kind: z.literal('closing'), limitMs: z.number().min(0) }),
  /** `complaints`: what Vitest called an error after its tests. */
  z.object({ kind: z.literal('finished'), complaints: z.string() }),
])

/** What the child tells the supervisor. */
export type ChildMessage = Readonly<z.output<typeof childMessage>>

/** Something is wrong with the project or its configuration, and nothing was run. */
export type Refused = Readonly<z.output<typeof refused>>

/** What is not in the journal. */
export type UnwrittenMessage = Readonly<z.output<typeof unwritten>>

/** The files of the report are written. It holds if nothing goes wrong any more. */
export type Reported = Readonly<z.output<typeof reported>>

/** How far the run is. */
export type ProgressMessage = Readonly<z.output<typeof progress>>

/** The plugin's options after flags and environment, each with where it came from. */
export type SettledSettings = Readonly<z.output<typeof settings>>

/**
 * Reads a message of the child; `undefined` for one that is not ours: plugins of the project may talk to their parent
 * too.
 */
export function readChildMessage(message: unknown): ChildMessage | undefined {
  // For as few messages as a run sends, compiling a parser takes longer than it saves.
  const parsed = childMessage.safeParse(message, { jitless: true })
  return parsed.success ? parsed.data : undefined
}
