import { z } from 'zod'

/** What the supervisor asks of the process that runs Vitest. */
export type Order =
  | { readonly kind: 'run'; readonly job: VitestJob }
  /** End what is running and go; the tests that were started may come to their end. */
  | { readonly kind: 'stop' }

/** Everything the child needs to know; it reads no flags and no environment of its own. */
export interface VitestJob {
  /** URL of the project's `vitest/node`. */
  readonly vitestUrl: string
  readonly cwd: string
  /** Absolute files and folders to take tests from; empty for all of the project. */
  readonly places: readonly string[]
  /** Only scenario files count. */
  readonly scenariosOnly: boolean
  /** Absolute paths of the scenario files in these places; empty when they were not searched for. */
  readonly found: readonly string[]
  /** Source of a regular expression that full test names must match. */
  readonly name: string | undefined
  /** The Vitest configuration file; `undefined` for the one that Vitest finds. */
  readonly config: string | undefined
  /** What a flag or the environment wants instead of the plugin's own option; absolute. */
  readonly reportDir: string | undefined
  /** Let Vitest's own reporters speak. */
  readonly verbose: boolean
  /** Tell the settings and run nothing. */
  readonly settingsOnly: boolean
}

/** What the child tells the supervisor. */
export type News =
  | Refused
  | { readonly kind: 'settled'; readonly settings: SettledSettings }
  /** A sentence people should read although nothing is refused. */
  | { readonly kind: 'notice'; readonly sentence: string }
  | { readonly kind: 'started'; readonly journal: string; readonly files: number }
  | ProgressNews
  /** All is done but closing Vitest, which gets this long, in milliseconds. */
  | { readonly kind: 'closing'; readonly limitMs: number }
  | { readonly kind: 'finished' }

/** Something is wrong with the project or its configuration, and nothing was run. */
export interface Refused {
  readonly kind: 'refused'
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
}

/** How far the run is. */
export interface ProgressNews {
  readonly kind: 'progress'
  readonly files: number
  readonly filesDone: number
  readonly testsDone: number
  readonly failed: number
}

/** The plugin's options after flags and environment, each with who decided it. */
export interface SettledSettings {
  /** Absolute. */
  readonly root: string
  /** Absolute; `undefined` when the project has none. */
  readonly configFile: string | undefined
  /** Absolute. */
  readonly reportDir: string
  readonly values: readonly SettledValue[]
}

export interface SettledValue {
  readonly name: string
  readonly value: unknown
  /** `override`: a flag or the environment; the supervisor knows which. */
  readonly source: 'override' | 'plugin' | 'default'
}

const count = z.int().min(0)

const newsSchema: z.ZodType<News> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z
      .string()
      .optional()
      .transform((hint) => hint),
  }),
  z.object({
    kind: z.literal('settled'),
    settings: z.object({
      root: z.string(),
      configFile: z
        .string()
        .optional()
        .transform((file) => file),
      reportDir: z.string(),
      values: z.array(
        z.object({ name: z.string(), value: z.unknown(), source: z.enum(['override', 'plugin', 'default']) }),
      ),
    }),
  }),
  z.object({ kind: z.literal('notice'), sentence: z.string() }),
  z.object({ kind: z.literal('started'), journal: z.string(), files: count }),
  z.object({ kind: z.literal('progress'), files: count, filesDone: count, testsDone: count, failed: count }),
  z.object({ kind: z.literal('closing'), limitMs: z.number().min(0) }),
  z.object({ kind: z.literal('finished') }),
])

/** Reads a message of the child; `undefined` for one that is not ours: plugins of the project may talk to their parent too. */
export function readNews(message: unknown): News | undefined {
  const parsed = newsSchema.safeParse(message)
  return parsed.success ? parsed.data : undefined
}
