import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Node,
  type Scalar,
} from './yaml.ts'
import type { FileProblem } from '../file-problem.ts'
import type { Position } from '../scenario.ts'
import { offsetInSource } from './scalar-offset.ts'
import type { YamlEntry, YamlNode } from './yaml-node.ts'

/** Deepest nesting of a file: four times what the deepest expectation needs, and far from the end of the stack. */
const DEPTH_MAX = 32
/** Values a document may grow to when its aliases are followed: a file of the largest size, fully spelt out, has fewer. */
const VALUES_MAX = 100_000

/** What a YAML text holds, and everything that is wrong with it. */
export interface ReadYaml {
  /** One per non-empty document; `undefined` for one that cannot be read. */
  readonly documents: readonly (YamlNode | undefined)[]
  readonly problems: readonly FileProblem[]
}

/**
 * Reads the documents of a YAML 1.2 text as JSON data with positions. Aliases are followed within a budget, so a
 * billion-laughs file costs no more than an honest one. Never throws for what the text holds.
 *
 * @param place writes a position for a message
 */
export function readYaml(text: string, place: (at: Position) => string): ReadYaml {
  const lines = new LineCounter()
  const problems: FileProblem[] = []
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const refuse = (offset: number, sentence: (place: string) => string): void => {
    const at = positionAt(offset)
    problems.push({ ...at, message: sentence(place(at)) })
  }
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const documents = [...parsed].map((document) => {
    for (const error of [...document.errors, ...document.warnings]) {
      refuse(
        error.pos[0],
        (where) => `Expected ${where} to be valid YAML, got: ${lowerFirst(error.message)}.`,
      )
    }
    if (document.errors.length > 0 || document.contents === null) return undefined
    const reader = new DocumentReader(text, positionAt, refuse)
    return reader.read(document.contents)
  })
  return { documents: documents.filter((node) => !isEmptyDocument(node)), problems }
}

/** Thrown to leave a document that is beyond saving; its problem has been noted. */
class Beyond extends Error {}

class DocumentReader {
  readonly #text: string
  readonly #positionAt: (offset: number) => Position
  readonly #refuse: (offset: number, sentence: (place: string) => string) => void
  readonly #anchors = new Map<string, Node>()
  #values = 0
  #followed = 0

  constructor(
    text: string,
    positionAt: (offset: number) => Position,
    refuse: (offset: number, sentence: (place: string) => string) => void,
  ) {
    this.#text = text
    this.#positionAt = positionAt
    this.#refuse = refuse
  }

  read(contents: Node): YamlNode | undefined {
    try {
      return this.#node(contents, 0)
    } catch (error) {
      if (error instanceof Beyond) return undefined
      throw error
    }
  }

  #node(node: Node, depth: number): YamlNode {
    const start = node.range?.[0] ?? 0
    this.#values += 1
    if (this.#values > VALUES_MAX) {
      this.#giveUp(
        start,
        (where) => `Expected the aliases of ${where} to stand for at most ${VALUES_MAX} values, got more.`,
      )
    }
    if (depth > DEPTH_MAX) {
      this.#giveUp(start, (where) => `Expected ${where} to be nested at most ${DEPTH_MAX} deep, got more.`)
    }
    if (isAlias(node)) return this.#alias(node.source, start, depth)
    // Only what is written down sets anchors: following an alias must not bring an earlier anchor back.
    if (node.anchor !== undefined && this.#followed === 0) this.#anchors.set(node.anchor, node)
    const at = this.#positionAt(start)
    if (isSeq<Node>(node))
      return { kind: 'list', at, items: node.items.map((item) => this.#node(item, depth + 1)) }
    if (isMap<Node, Node | null>(node)) {
      const seen = new Map<string, Position>()
      return {
        kind: 'map',
        at,
        entries: node.items.map((pair) => this.#entry(pair.key, pair.value, seen, depth)),
      }
    }
    return this.#scalar(node as Scalar.Parsed, at)
  }

  #alias(name: string, start: number, depth: number): YamlNode {
    const target = this.#anchors.get(name)
    if (target === undefined) {
      return this.#giveUp(
        start,
        (where) =>
          `Expected the alias \`*${name}\` in ${where} to name an anchor \`&${name}\` above it, got none. Text that starts with \`*\` must be quoted.`,
      )
    }
    this.#followed += 1
    const node = this.#node(target, depth + 1)
    this.#followed -= 1
    return { ...node, at: this.#positionAt(start) }
  }

  #entry(keyNode: Node, valueNode: Node | null, seen: Map<string, Position>, depth: number): YamlEntry {
    const start = keyNode.range?.[0] ?? 0
    const key = isScalar(keyNode) ? keyText(keyNode.value) : undefined
    if (key === undefined)
      return this.#giveUp(start, (where) => `Expected the key in ${where} to be text, got something else.`)
    const keyAt = this.#positionAt(start)
    const first = seen.get(key)
    if (first !== undefined) {
      this.#refuse(
        start,
        (where) =>
          `Expected the key \`${key}\` in ${where} to be there once, but line ${first.line} has it already.`,
      )
    }
    seen.set(key, first ?? keyAt)
    const missing: YamlNode = { kind: 'scalar', at: keyAt, value: null, within: () => keyAt }
    return { key, keyAt, value: valueNode === null ? missing : this.#node(valueNode, depth + 1) }
  }

  #scalar(node: Scalar.Parsed, at: Position): YamlNode {
    const { value } = node
    const within = (offset: number): Position => this.#positionAt(offsetInSource(this.#text, node, offset))
    if (value === null || typeof value === 'boolean' || typeof value === 'string') {
      return { kind: 'scalar', at, value, within }
    }
    if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'scalar', at, value, within }
    return this.#giveUp(
      node.range[0],
      (where) =>
        `Expected ${where} to be text, a finite number, true, false or null, got \`${node.source}\`.`,
    )
  }

  #giveUp(start: number, sentence: (place: string) => string): never {
    this.#refuse(start, sentence)
    throw new Beyond()
  }
}

/** `404:` and `true:` are keys people write; JSON spells them as text. */
function keyText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** A trailing `---`, or a document with nothing but comments. */
function isEmptyDocument(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
