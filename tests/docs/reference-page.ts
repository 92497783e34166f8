import { verbTable } from '../../harness/faults/points/points.ts'
import { scenarioJsonSchema } from '../../harness/scenario/json-schema.ts'
import type { PortClock, PortOptions, Ports, PortStore } from '../../harness/scenario/ports.ts'

/** Where the examples are, which run as the scenarios that they are. */
export const EXAMPLES = 'scenarios/reference/reference.scenario.yaml'

interface Schema {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly (string | number | boolean)[]
  readonly const?: string | number | boolean
  readonly default?: string | number | boolean | object
  readonly pattern?: string
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly $defs?: Readonly<Record<string, Schema>>
}

// The compiler holds these to what there is.

const PORTS: Readonly<Record<keyof Ports, string>> = {
  fn: '`ports.fn(name, real, options)` wraps a function as the point `fn:NAME`; a trailing argument with a `signal` aborts the call',
  fetch:
    'a `fetch` whose requests are the points `http:METHOD /path`; without a fault it calls the global `fetch` that the scenario finds: Node’s, or what a test (MSW, a stub) has put in its place',
  events:
    '`ports.events(name, source)` opens what pushes — a WebSocket, a queue, a feed — as the point `events:NAME`; read it with `for await`, `addEventListener`, `onmessage` or `on`',
  clock: 'virtual time, whatever `timers` says; see below',
  signal: 'aborts when the caller leaves (`abort`)',
  store: '`get(key)`, `set(key, value)`, `delete(key)`: what outlives a `crash`',
  mark: '`ports.mark(name)` says that this place was reached; in a step it is `ctx.mark(name)`',
  random: 'a number in [0, 1) under the scenario’s seed',
  world: 'the simulated world, for an engine of your own: `createEngine({ world: ports.world })`',
}
const CLOCK: readonly (keyof PortClock)[] = [
  'monotonicMs',
  'wallMs',
  'now',
  'sleep',
  'setTimeout',
  'setInterval',
  'clearTimeout',
  'clearInterval',
  'timeoutSignal',
]
const OPTIONS: Readonly<Record<keyof PortOptions, string>> = {
  io: 'the function waits for something outside this process: time must not overtake it',
  sync: 'the function answers at once; then `reject` throws, and faults that wait cannot act on it',
}
export const NAMES = { clock: CLOCK, store: ['get', 'set', 'delete'] satisfies (keyof PortStore)[] }

const INTRO = `# Reference of scenarios

What a scenario can say, in \`*.scenario.yaml\` and, with the same words, in code: \`scenario(name).subject(…).expect({ … })\`. Tables
are made from the schema and the table of verbs, and every example is a scenario of \`${EXAMPLES}\` in the repository, which runs with
the tests. \`vitest tests/docs/reference.test.ts -u\` writes this page.`

const MATCHERS = `## Matchers

| of | written | holds for |
| --- | --- | --- |
| text | \`text\` | exactly that |
| | \`{ contains: text }\`, \`{ contains: [a, b] }\` | text with all of these in it |
| | \`{ matches: ^a }\` | text that the regular expression (with the flag \`u\`) matches |
| numbers | \`3\` | exactly that |
| | \`{ min: 1, max: 3 }\`, either alone | a range, both ends included |
| data, whole | \`output\`, \`context\`, \`metadata\`, \`inputs\` of functions and steps | what is deeply equal: plain data only, never an instance of a class. A property that is \`undefined\` counts as one that is not there |
| data, in part | \`outputMatches\`, \`children\`, \`inputs\` of requests, \`where\` | what holds it: keys that are not written are free at every depth, what has those that are written may be an instance of any class, lists are as long as they are written, and beside a text or a number a mapping is one of the matchers above. \`{}\` is any plain object |

What every run would meet proves nothing and is refused when it is read: \`error: {}\`, \`{ min: 0 }\`, \`{ matches: .* }\`, a \`max\` at or above
the limit where the scenario is given up, or \`inFlight: { max: 3 }\` beside \`count: 3\`.`

const GRAMMAR = `## Faults

\`faults\` maps a boundary point to a program, which says call by call what happens there:

\`\`\`text
program  step -> step -> …          the last step repeats
step     [P%] [N* | inf* | sticky*] verb(arguments) [@ms]
point    kind:name [#nth] [where JSON]
\`\`\`

\`3*reject(ECONNRESET) -> off\` fails three times and then lets calls through. \`2%reject\` draws under the seed, \`reject @50\` waits 50
virtual milliseconds first, \`fn:save#2\` is the second call only. A request is \`http:METHOD /path\`, where the method may be \`*\` and the path a whole URL or one with query parameters. Without a number a step takes one call, but the last goes on.

\`where\` means only calls whose input holds this, by the rule of data in part: \`fn:query where {"connection":2}\` is met by any argument,
\`where [{"id":7}, 10]\` by the first ones in order; of a step it is the input, of a request \`query\`, \`headers\` or \`body\`: \`http:POST /orders where
{"body":{"id":7}}\`. A text in \`query\` is met by any value of a parameter that is repeated, a list by all of them. \`sticky*\` acts on the first call that
is met and on every call of the point from then on, as a pool whose connection died.

Durations are milliseconds, or have a unit: \`200\`, \`200ms\`, \`2s\`. Sizes are bytes: \`40B\`, \`1kB\`, \`4MB\`. All time is virtual. A scripted fault that never
acts is a problem (\`E_VACUOUS\`).`

const MOMENTS = `## Moments

\`abort\` and \`crash\` come at a moment: \`50\`, after so many virtual milliseconds; \`{ at: fn:save#2 }\`, while that call is made (without
\`#nth\`, the first); \`{ during: backoff }\`, while the subject waits between a failed call and the next.

The output of several \`callers\`, or of \`phases\`, is the list of what each of them got, phase after phase. One that was thrown an
error has \`{ error: { name, message, code } }\` there, and a scenario has to say so: in \`output\` or \`outputMatches\`, by \`error\`, or by \`status: failed\`.
A caller that got such a value, where it was not thrown, is written \`{ returned: { error: … } }\`; of any other value \`returned\` may be left out.

A call that begins when the function has answered is a problem (oracle 10): nobody hears of it. What gives back something that came
too late is none, such as \`connect().then((late) => late.close())\` after a timeout: a call of a function whose name says so (\`close\`,
\`release\`, \`rollback\`, \`cancel\`, \`unlock\` and the like) at the moment at which a call that was under way is answered. By another
name, or later, it needs \`background: true\`.`

/** The page, whole. */
export function referencePage(examples: string): string {
  const schema = scenarioJsonSchema() as Schema
  const expect = schema.properties?.['expect']?.properties ?? {}
  return (
    [
      INTRO,
      '## A scenario',
      keyTable(schema.properties ?? {}),
      ...nested(schema.properties ?? {}, ['callers', 'phases', 'limits']),
      MOMENTS,
      '## What is expected',
      keyTable(expect),
      ...nested(expect, ['calls', 'error', 'usage', 'audit']),
      MATCHERS,
      GRAMMAR,
      verbs(),
      ports(),
      '## Examples',
      'The comment above each names the keys that it shows.',
      ...examplesIn(examples),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  )
}

function keyTable(keys: Readonly<Record<string, Schema>>): string {
  const rows = Object.entries(keys).map(
    ([key, schema]) =>
      `| \`${key}\` | ${cell(kindOf(schema))} | ${cell(`${schema.description ?? ''}${presetOf(schema)}`)} |`,
  )
  return ['| key | written | means |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The keys of the mappings that some keys take. */
function nested(keys: Readonly<Record<string, Schema>>, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const inner = keys[name] === undefined ? {} : innerKeys(keys[name])
    return Object.keys(inner).length === 0 ? [] : [`### The keys of \`${name}\``, keyTable(inner)]
  })
}

function innerKeys(schema: Schema): Readonly<Record<string, Schema>> {
  const { properties, additionalProperties, items, anyOf = [], $ref } = schema
  // A range is a matcher, with a table of its own.
  if ($ref !== undefined || (properties !== undefined && 'min' in properties)) return {}
  if (properties !== undefined) return properties
  const parts = [
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...(items === undefined ? [] : [items]),
    ...anyOf,
  ]
  return Object.assign({}, ...parts.map((part) => innerKeys(part))) as Readonly<Record<string, Schema>>
}

function presetOf({ default: preset }: Schema): string {
  return preset === undefined || typeof preset === 'object' ? '' : ` Default \`${String(preset)}\`.`
}

/** How a column is marked in the schema for editors. */
const COLUMN = '^\\$\\{[^}]+\\}$'

/** What is written there, in a word or two. */
function kindOf(schema: Schema): string {
  const { type, enum: words, const: word, properties, additionalProperties, items, anyOf, $ref } = schema
  if ($ref !== undefined) return 'number or `{ min, max }`'
  if (words !== undefined) return words.map((each) => `\`${String(each)}\``).join(', ')
  if (word !== undefined) return `\`${String(word)}\``
  if (anyOf !== undefined) {
    // A number or a word may always be a column of a table, which needs no saying.
    const kinds = anyOf.filter(({ pattern }) => pattern !== COLUMN).map(kindOf)
    return [...new Set(kinds)].join(' or ')
  }
  if (properties !== undefined) return `\`{ ${Object.keys(properties).join(', ')} }\``
  if (type === 'array') return `list of ${items === undefined ? 'anything' : kindOf(items)}`
  if (typeof additionalProperties === 'object') return 'mapping'
  if (type === 'string') return 'text'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return '`true`, `false`'
  return type ?? 'data'
}

function verbs(): string {
  const rows = verbTable().map(
    ({ verb, kinds, usage, summary, example }) =>
      `| \`${verb}\` | ${kinds.map((kind) => `\`${kind}\``).join(' ')} | \`${cell(usage)}\` | ${cell(summary)} | \`${cell(example)}\` |`,
  )
  return [
    '### Verbs',
    ['| verb | points | written | does | example |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n')
}

function ports(): string {
  const rows = Object.entries(PORTS).map(([name, text]) => `| \`ports.${name}\` | ${cell(text)} |`)
  const options = Object.entries(OPTIONS).map(([name, text]) => `\`${name}\`, ${text}`)
  return [
    '## Ports',
    'A function is called as `(input, ports) => result`.',
    ['| port | is |', '| --- | --- |', ...rows].join('\n'),
    `For a function, and with \`timers: global\`, these are virtual: \`setTimeout\`, \`setInterval\`, \`timers/promises\`, \`AbortSignal.timeout\`, \`Date\`, \`Temporal.Now\`, \`Intl.DateTimeFormat\` without a date, \`performance.now\`, \`mark\` and \`measure\`, \`process.hrtime\` and \`uptime\`, and with \`http: nock\` the limits of \`node:http\` (\`request.setTimeout\`, \`timeout\`). These stay real: \`setImmediate\`, \`process.nextTick\`, \`Event.timeStamp\`, \`Atomics.waitAsync\`, \`fs.watchFile\`, and the limits of all other sockets.`,
    `\`ports.clock\` has ${NAMES.clock.map((name) => `\`${name}\``).join(', ')}. The options of \`ports.fn\`: ${options.join('; ')}.`,
  ].join('\n\n')
}

/** The scenarios of a file, each with the comment above it. */
function examplesIn(yaml: string): string[] {
  return yaml.split(/^---\n/m).map((text) => {
    const [, keys = '', body = ''] = /^# (.+)\n([\s\S]+)$/.exec(text) ?? []
    return `<!-- run by: ${EXAMPLES} -->\n\`\`\`yaml\n# ${keys}\n${body.trimEnd()}\n\`\`\``
  })
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
}
