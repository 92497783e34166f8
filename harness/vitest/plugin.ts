import { ShakedownError } from '../../src/base/errors.ts'
import { oldNodeMessage } from '../settings/old-node.ts'
import { createPlugin } from './plugin/create-plugin.ts'
import type { ShakedownPlugin } from './plugin/create-plugin.ts'
import type { ShakedownOptions } from './plugin/options.ts'

export type { ShakedownPlugin } from './plugin/create-plugin.ts'
export type { ShakedownOptions } from './plugin/options.ts'

/**
 * The Vitest plugin: scenario files become tests, and every run leaves a report.
 *
 * A variable of the environment wins over an option, so that one run can differ: `SHAKEDOWN_REPORT_DIR=out vitest run`.
 *
 * @throws ConfigurationError for unknown options and impossible values; ShakedownError `E_NODE` where Node is too old;
 *   later `E_ENVIRONMENT` for a `SHAKEDOWN_*` variable that is unknown or has an impossible value
 *
 * @example
 * // vitest.config.ts
 * import shakedown from 'shakedown/vitest'
 * export default { plugins: [shakedown({ reportDir: 'reports' })] }
 */
export default function shakedown(options: ShakedownOptions = {}): ShakedownPlugin {
  const complaint = oldNodeMessage()
  if (complaint !== undefined) throw new ShakedownError('E_NODE', complaint)
  return createPlugin(options, false)
}
