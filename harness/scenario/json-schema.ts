import * as z from '../../src/base/zod.ts'
import { scenarioDocumentSchema } from './schema.ts'

/** Any value of a scenario with a table may be a column, so editors must not mark `${retries}` where a number goes. */
const COLUMN = { type: 'string', pattern: '^\\$\\{[^}]+\\}$' } as const

/**
 * The JSON Schema of a scenario file's documents, for completion and checks in editors. It is committed as
 * `scenario.schema.json` beside this file; files name it with `# yaml-language-server: $schema=…`.
 */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioDocumentSchema, {
    io: 'input',
    // The one thing JSON Schema need not say: that JSON data is JSON data.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.enum !== undefined || jsonSchema.type === 'number' || jsonSchema.type === 'integer') {
        allowColumn(jsonSchema)
      }
    },
  })
  return {
    ...schema,
    title: 'shakedown scenario',
    description:
      'Subject + input + faults + expectations. One YAML document each, several documents per file.',
    required: ['name', 'subject'],
  }
}

/** Moves a schema's own rules into one branch of a choice, and the column into the other. */
function allowColumn(schema: Record<string, unknown>): void {
  const { description, default: preset, ...rules } = schema
  for (const key of Object.keys(schema)) delete schema[key]
  Object.assign(
    schema,
    description === undefined ? {} : { description },
    preset === undefined ? {} : { default: preset },
    {
      anyOf: [rules, COLUMN],
    },
  )
}
