import * as z from '../../src/base/zod.ts'

/** A kind of value that settings have: what is right, how it is worded, and how text becomes it. */
export interface ValueKind<T> {
  /** What the value must be in the configuration file, and after it was read from text. */
  readonly schema: z.ZodType<T>
  /** A right value in words, for messages: `the path of a folder`. */
  readonly expected: string
  /** How flags and variables give it; `undefined` for lists and objects, which only a configuration file can give. */
  readonly text: TextForm<T> | undefined
  /** A path in a flag or variable is relative to the working directory. Default false. */
  readonly isPath?: boolean
  /** How `--print-config` shows a value that must not be shown as it is. */
  show?(value: T): string
}

/** A value as text. */
interface TextForm<T> {
  readonly schema: z.ZodType<T, string>
  /** What `--help` shows after the flag, e.g. `<dir>`; `undefined` for a switch, whose flag takes no value. */
  readonly placeholder: string | undefined
}

/** The spellings of a switch that people try; anything else is a mistake worth naming. */
const SWITCH_TEXT = z.stringbool({
  truthy: ['1', 'true', 'yes', 'on'],
  falsy: ['0', 'false', 'no', 'off'],
})

/** On or off. Its flags are `--name` and `--no-name`. */
export const toggle: ValueKind<boolean> = {
  schema: z.boolean('true or false'),
  expected: '1 or 0',
  text: { schema: SWITCH_TEXT, placeholder: undefined },
}

/** The path of a folder. */
export const folder: ValueKind<string> = pathOf('the path of a folder', '<dir>')

/** The path of a file; `what` says of which sort. */
export function file(what: string): ValueKind<string> {
  return pathOf(`the path of ${what}`, '<file>')
}

/** Paths or patterns of files; a list, so only a configuration file can give it. */
export const patterns: ValueKind<readonly string[]> = {
  schema: z.array(
    z.string('a path or a pattern').min(1, 'a path or a pattern'),
    'a list of paths or patterns',
  ),
  expected: 'a list of paths or patterns',
  text: undefined,
  show: (list) => (list.length === 0 ? 'none' : list.join(', ')),
}

/** One part of so many, as Vitest has it: `2/3`. */
export const part: ValueKind<string> = {
  schema: z.string('a text').refine(isPart, 'a part, such as 2/3'),
  expected: 'a part of so many, such as 2/3, counted from 1',
  text: { schema: z.string().refine(isPart), placeholder: '<i/n>' },
}

function isPart(text: string): boolean {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
  return Number(index) >= 1 && Number(index) <= Number(count)
}

/** Texts that must not be shown; a command line could be seen by everyone on the machine. */
export const secrets: ValueKind<readonly string[]> = {
  schema: z.array(z.string('a text'), 'a list of texts'),
  expected: 'a list of texts',
  text: undefined,
  show: ({ length }) => (length === 1 ? '1 secret' : `${length} secrets`),
}

function pathOf(expected: string, placeholder: string): ValueKind<string> {
  const schema = z.string('a path').min(1, 'a path')
  return { schema, expected, text: { schema, placeholder }, isPath: true }
}
