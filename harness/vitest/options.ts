import { z } from 'zod'
import { parseOptions } from '../../src/base/options.ts'

/** Options of the Vitest plugin. Each has a sound default; `shakedown()` alone is a good start. */
export interface ShakedownOptions {
  /** The folder for reports, journals and the audit database, relative to Vitest's root. Default `.shakedown`. */
  readonly reportDir?: string | undefined
  /** Secret values to hide in every output, besides the common token shapes. Default none. */
  readonly redact?: readonly string[] | undefined
  /** Write `report.json`, `report.md` and `report.html` when a run ends. Default true. */
  readonly files?: boolean | undefined
  /** Print the summary when a run ends. Default true. */
  readonly print?: boolean | undefined
}

const optionsSchema: z.ZodType<ShakedownOptions> = z.strictObject({
  reportDir: z.string('a path').min(1, 'a path').optional(),
  redact: z.array(z.string('a text'), 'a list of texts').optional(),
  files: z.boolean('true or false').optional(),
  print: z.boolean('true or false').optional(),
})

/** @throws ConfigurationError naming the option, what was expected, what was got and the nearest known name */
export function checkPluginOptions(options: unknown): ShakedownOptions {
  return parseOptions(optionsSchema, options, 'the Vitest plugin')
}
