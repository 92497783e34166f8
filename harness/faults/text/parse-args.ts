import { nearest } from '../../../src/base/nearest.ts'
import { readJson, readString } from '../grammar/json-literal.ts'
import type { StoredJson } from '../grammar/json.ts'
import { describeType, readArg, type Param, type RawArg } from '../grammar/param.ts'
import type { FaultStep } from '../grammar/program.ts'
import type { Scanner } from '../grammar/scanner.ts'
import { usageOf, type Verb } from '../points/verb.ts'

/** Arguments while they are read, with the place where each named value is. */
interface ReadArgs {
  readonly args: StoredJson[]
  readonly named: Map<string, StoredJson>
  readonly spans: Map<string, { readonly start: number; readonly end: number }>
}

/** Reads `["(" arg ("," arg)* ")"]` after a verb; its types, counts and ranges are the verb's. */
export function parseArgs(scanner: Scanner, verb: Verb): Pick<FaultStep, 'args' | 'named'> {
  const verbEnd = scanner.offset
  const read: ReadArgs = { args: [], named: new Map(), spans: new Map() }
  scanner.skipSpace()
  const close = scanner.eat('(') ? readList(scanner, verb, read) : verbEnd
  const missing = verb.params[read.args.length]
  if (missing?.required === true) {
    scanner.fail(close, `\`${missing.name}\` of \`${verb.name}\`, ${describeType(missing.type)}`, {
      ...(close === verbEnd ? { got: 'none' } : {}),
      hint: howToWrite(verb),
    })
  }
  const step = { args: read.args, named: Object.fromEntries(read.named) }
  const conflict = verb.conflict?.(step)
  if (conflict !== undefined) {
    const span = read.spans.get(conflict.param)
    scanner.fail(span?.start ?? verbEnd, conflict.expected, { end: span?.end })
  }
  return step
}

/** Reads up to the closing bracket and gives its offset. */
function readList(scanner: Scanner, verb: Verb, read: ReadArgs): number {
  scanner.skipSpace()
  let close = scanner.offset
  if (scanner.eat(')')) return close
  for (;;) {
    scanner.skipSpace()
    readOne(scanner, verb, read)
    scanner.skipSpace()
    close = scanner.offset
    if (scanner.eat(')')) return close
    if (!scanner.eat(',')) scanner.fail(close, '`,` or `)` after the argument')
  }
}

function readOne(scanner: Scanner, verb: Verb, read: ReadArgs): void {
  const start = scanner.offset
  const raw = readRaw(scanner)
  if (raw.kind !== 'word') {
    readPositional(scanner, verb, read, start, raw)
    return
  }
  const wordEnd = scanner.offset
  scanner.skipSpace()
  if (scanner.eat('=')) {
    readNamed(scanner, verb, read, start, raw.word)
    return
  }
  scanner.offset = wordEnd
  readPositional(scanner, verb, read, start, raw)
}

function readPositional(scanner: Scanner, verb: Verb, read: ReadArgs, start: number, raw: RawArg): void {
  const param = verb.params[read.args.length]
  if (param === undefined) {
    const most =
      verb.params.length === 0 ? 'no positional arguments' : `at most ${verb.params.length} positional`
    scanner.fail(start, `${most} of \`${verb.name}\``, { hint: howToWrite(verb) })
  }
  if (read.named.size > 0)
    scanner.fail(start, 'positional arguments before named ones', { hint: howToWrite(verb) })
  const option = raw.kind === 'word' ? verb.options.find(({ name }) => name === param.bareWord) : undefined
  if (option === undefined) {
    read.args.push(valueOf(scanner, verb, param, start, raw))
    return
  }
  setNamed(scanner, read, option, start, valueOf(scanner, verb, option, start, raw))
}

function readNamed(scanner: Scanner, verb: Verb, read: ReadArgs, start: number, name: string): void {
  const option = verb.options.find((known) => known.name === name)
  if (option === undefined) {
    const known = verb.options.map((each) => each.name)
    scanner.fail(
      start,
      known.length === 0 ? `no named arguments of \`${verb.name}\`` : `one of ${known.join(', ')}`,
      {
        got: `\`${name}=\``,
        suggestion: nearest(name, known),
        hint: howToWrite(verb),
      },
    )
  }
  if (read.named.has(name)) scanner.fail(start, `\`${name}\` once`)
  scanner.skipSpace()
  const valueStart = scanner.offset
  const raw = readRaw(scanner)
  setNamed(scanner, read, option, valueStart, valueOf(scanner, verb, option, valueStart, raw))
}

function setNamed(scanner: Scanner, read: ReadArgs, option: Param, start: number, value: StoredJson): void {
  read.named.set(option.name, value)
  read.spans.set(option.name, { start, end: scanner.offset })
}

function valueOf(scanner: Scanner, verb: Verb, param: Param, start: number, raw: RawArg): StoredJson {
  const value = readArg(param.type, raw)
  if (value !== undefined) return value
  const words = param.type.kind === 'word' ? param.type.words : []
  return scanner.fail(start, `\`${param.name}\` of \`${verb.name}\` to be ${describeType(param.type)}`, {
    suggestion: raw.kind === 'word' ? nearest(raw.word, words) : undefined,
    hint: howToWrite(verb),
  })
}

/** Reads one argument as it is written: a bare word, a number with or without unit, a string, an array or an object. */
function readRaw(scanner: Scanner): RawArg {
  const start = scanner.offset
  const next = scanner.peek()
  if (next === '"') return { kind: 'string', value: readString(scanner) }
  if (next === '[' || next === '{') return { kind: 'composite', value: readJson(scanner) }
  const number = scanner.number()
  if (number !== undefined) return { kind: 'number', value: number.value, unit: scanner.word() ?? '' }
  const word = scanner.word()
  if (word !== undefined) return { kind: 'word', word }
  return scanner.fail(start, 'an argument: a word, a number, a text in double quotes or JSON')
}

function howToWrite(verb: Verb): string {
  return `Write \`${usageOf(verb)}\`, for example \`${verb.example}\`.`
}
