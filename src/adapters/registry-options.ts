import { got } from '../base/got.ts'
import { optionProblems } from '../base/options.ts'
import * as z from '../base/zod.ts'
import { timeoutSchema } from '../policy/step-policy.ts'
import type { BreakerOptions } from '../policy/breaker.ts'
import type { AnyAdapter } from './adapter.ts'
import type { HealthOptions } from './health.ts'
import { ADAPTER_NAME_RULE, isAdapterName, normalName } from './names.ts'

/**
 * How a registry watches its adapters, and in which order it gives them tasks.
 *
 * @example
 * const options: RegistryOptions = {
 *   orders: { ai_task: ['agno', 'prefect'], workflow: ['prefect', 'agno'] },
 *   breaker: { failuresMax: 3, coolDownMs: 30_000 },
 *   health: { timeoutMs: 500 },
 * }
 */
export interface RegistryOptions {
  /**
   * Names of adapters by task type: plain data, as from a configuration file. A type that has no order has that of `workflow`.
   * Names that no adapter has are skipped, and each result lists them.
   */
  readonly orders?: Readonly<Record<string, readonly string[]>> | undefined
  /** The order when `orders` has none. Default: as the adapters are listed. */
  readonly defaultOrder?: readonly string[] | undefined
  /** The circuit breaker of each adapter; `false` for none. Default: 5 failures in a row, 60 s. */
  readonly breaker?:
    | { readonly [K in keyof BreakerOptions]?: BreakerOptions[K] | undefined }
    | false
    | undefined
  /** Asks adapters for their health before they are given a task; `true` for the defaults: 1 s, and 30 s that an answer holds. Default: no. */
  readonly health?:
    | { readonly [K in keyof HealthOptions]?: HealthOptions[K] | undefined }
    | boolean
    | undefined
}

/** More than any table shows; each costs a circuit breaker and a window of statistics. */
const ADAPTERS_MAX = 256
/** An order is read for each task. */
const ORDER_MAX = 1_000
const FAILURES_MAX = 1_000

const order = z.array(z.string()).min(1).max(ORDER_MAX)

export const registryShape = {
  orders: z.record(z.string(), order).optional(),
  defaultOrder: order.optional(),
  breaker: z
    .union([
      z.literal(false),
      z.strictObject({
        failuresMax: z.int().min(1).max(FAILURES_MAX).optional(),
        coolDownMs: timeoutSchema.optional(),
      }),
    ])
    .optional(),
  health: z
    .union([
      z.boolean(),
      z.strictObject({ timeoutMs: timeoutSchema.optional(), ttlMs: timeoutSchema.optional() }),
    ])
    .optional(),
}

const registrySchema = z.strictObject(registryShape)

/** What is wrong with a registry's options; nothing when they are fine. */
export function registryProblems(options: unknown, where: string): readonly string[] {
  return optionProblems(registrySchema, options, where)
}

/** What is wrong with a list of adapters; nothing when it is fine. */
export function adapterProblems(adapters: unknown, where: string): readonly string[] {
  if (!Array.isArray(adapters))
    return [`Expected the adapters of ${where} to be a list of adapters, got ${got(adapters)}.`]
  if (adapters.length === 0) return [`Expected ${where} to have at least one adapter, got none.`]
  if (adapters.length > ADAPTERS_MAX)
    return [`Expected ${where} to have at most ${ADAPTERS_MAX} adapters, got ${adapters.length}.`]
  const names = new Map<string, number>()
  return adapters.flatMap((adapter: unknown, index) => {
    const which = `adapter ${index + 1} of ${where}`
    const problems = shapeProblems(adapter, which)
    if (problems.length > 0) return problems
    const name = normalName((adapter as AnyAdapter).name)
    const first = names.get(name)
    if (first === undefined) names.set(name, index)
    return first === undefined
      ? []
      : [`Expected ${which} to have a name of its own, got '${name}', which is that of adapter ${first + 1}.`]
  })
}

const METHODS = ['health', 'initialize', 'close'] as const

function shapeProblems(adapter: unknown, which: string): string[] {
  if (typeof adapter !== 'object' || adapter === null)
    return [
      `Expected ${which} to be an adapter, such as functionAdapter(name, run) or httpAdapter({ … }), got ${got(adapter)}.`,
    ]
  const { name, execute, capabilities, ...rest } = Object.fromEntries(
    ['name', 'execute', 'capabilities', ...METHODS].map((key) => [
      key,
      (adapter as Record<string, unknown>)[key],
    ]),
  )
  const problems: string[] = []
  if (typeof name !== 'string' || !isAdapterName(normalName(name)))
    problems.push(`Expected \`name\` of ${which} to be ${ADAPTER_NAME_RULE}, got ${got(name)}.`)
  if (typeof execute !== 'function')
    problems.push(
      `Expected \`execute\` of ${which} to be a function (task, call) => result, got ${got(execute)}.`,
    )
  if (capabilities !== undefined && !isListOfTexts(capabilities))
    problems.push(`Expected \`capabilities\` of ${which} to be a list of texts, got ${got(capabilities)}.`)
  for (const [key, value] of Object.entries(rest))
    if (value !== undefined && typeof value !== 'function')
      problems.push(`Expected \`${key}\` of ${which} to be a function, got ${got(value)}.`)
  return problems
}

export function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
