import { didYouMean } from '../../../src/base/nearest.ts'
import type { Refuse } from '../file-problem.ts'
import type { Position, TableRow } from '../scenario.ts'
import { ROWS_MAX } from '../schema.ts'
import { plainOf, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from './yaml-node.ts'

/** `${column}`; a third dollar escapes it. */
const PLACEHOLDER = /\$?\$\{([^}\n]*)\}/g
const ONLY_A_PLACEHOLDER = /^\$\{([^}\n]*)\}$/
/** Longest value shown in the name of a row. */
const LABEL_VALUE_MAX = 30

/** A scenario as one row of its table makes it. */
export interface FilledRow {
  readonly node: YamlMap
  /** Number of the row from 1 and where it is; `undefined` for a scenario without a table. */
  readonly row: TableRow | undefined
}

/**
 * Fills a scenario's `with:` table in: one copy of the scenario per row, `${column}` replaced in every key and text.
 * A scenario without a table is its own only copy, dollars and all.
 *
 * @param refuse takes what is wrong, with the position it is about
 */
export function fillTable(scenario: YamlMap, refuse: Refuse): readonly FilledRow[] {
  const table = scenario.entries.find((entry) => entry.key === 'with')
  if (table === undefined) return [{ node: scenario, row: undefined }]
  const rows = rowsOf(table, refuse)
  const template: YamlMap = { ...scenario, entries: scenario.entries.filter((entry) => entry !== table) }
  const used = new Set<string>()
  const filled = rows.map((row, index) => {
    const filler = new RowFiller(row, index + 1, used, refuse)
    return {
      node: filler.scenario(template),
      row: { number: index + 1, at: row.at, table: nameOf(scenario) },
    }
  })
  for (const { key, keyAt } of rows[0]?.entries ?? []) {
    if (used.has(key)) continue
    refuse(
      keyAt,
      (place) =>
        `Expected the column \`${key}\` in ${place} to be used as \`\${${key}}\` in the scenario, but nothing uses it.`,
    )
  }
  return filled
}

/** The name of a table as a whole: without what is filled in row by row, and an escaped dollar as it is meant. */
export function withoutPlaceholders(name: string): string {
  const plain = name.replaceAll(PLACEHOLDER, (found) => (found.startsWith('$$') ? found.slice(1) : ''))
  return plain.replaceAll(/\s+/g, ' ').trim()
}

/** Its shape has not been checked yet. */
function nameOf({ entries }: YamlMap): string {
  const name = entries.find(({ key }) => key === 'name')?.value
  return name?.kind === 'scalar' ? String(name.value) : ''
}

function rowsOf(table: YamlEntry, refuse: Refuse): readonly YamlMap[] {
  const items = table.value.kind === 'list' ? table.value.items : []
  if (items.length === 0 || items.length > ROWS_MAX) {
    refuse(
      table.keyAt,
      (place) =>
        `Expected \`with\` in ${place} to be a list of 1 to ${ROWS_MAX} rows, got ${table.value.kind === 'list' ? `${items.length} rows` : 'something else'}.`,
    )
    return []
  }
  return items.filter((item): item is YamlMap => {
    if (item.kind === 'map') return true
    refuse(
      item.at,
      (place) => `Expected the row of \`with\` in ${place} to be a mapping of column names to values.`,
    )
    return false
  })
}

class RowFiller {
  readonly #columns: ReadonlyMap<string, YamlNode>
  readonly #row: YamlMap
  readonly #number: number
  readonly #used: Set<string>
  readonly #refuse: Refuse

  constructor(row: YamlMap, number: number, used: Set<string>, refuse: Refuse) {
    this.#columns = new Map(row.entries.map(({ key, value }) => [key, value]))
    this.#row = row
    this.#number = number
    this.#used = used
    this.#refuse = refuse
  }

  scenario(template: YamlMap): YamlMap {
    const entries = template.entries.map((entry) =>
      entry.key === 'name' ? this.#name(entry) : this.#entry(entry),
    )
    return { ...template, entries }
  }

  /**
   * A name is text whatever its columns hold. One that mentions no column would be the same for every row, and
   * reports could not tell the rows apart.
   */
  #name({ key, keyAt, value }: YamlEntry): YamlEntry {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return { key, keyAt, value }
    const filled = this.#text(value.value, value.within)
    const name = value.value.search(PLACEHOLDER) >= 0 ? filled : `${filled} (${this.#label()})`
    return { key, keyAt, value: textNode(value, name) }
  }

  #label(): string {
    return this.#row.entries.map(({ key, value }) => `${key}: ${shorten(asText(value))}`).join(', ')
  }

  #entry({ key, keyAt, value }: YamlEntry): YamlEntry {
    return { key: this.#text(key, () => keyAt), keyAt, value: this.#node(value) }
  }

  #node(node: YamlNode): YamlNode {
    switch (node.kind) {
      case 'list':
        return { ...node, items: node.items.map((item) => this.#node(item)) }
      case 'map':
        return { ...node, entries: node.entries.map((entry) => this.#entry(entry)) }
      case 'scalar':
        return typeof node.value === 'string' ? this.#scalar(node, node.value) : node
    }
  }

  #scalar(node: YamlScalar, text: string): YamlNode {
    const column = ONLY_A_PLACEHOLDER.exec(text)?.[1]
    if (column !== undefined) return this.#column(column, node.at) ?? node
    const filled = this.#text(text, (offset) => node.within(offset))
    // What was in the file is gone, so a mistake in the filled text can only point at its start.
    return filled === text ? node : textNode(node, filled)
  }

  #text(text: string, positionOf: (offset: number) => Position): string {
    return text.replaceAll(PLACEHOLDER, (written: string, column: string, offset: number) => {
      if (written.startsWith('$$')) return written.slice(1)
      const value = this.#column(column, positionOf(offset))
      return value === undefined ? written : asText(value)
    })
  }

  #column(column: string, at: Position): YamlNode | undefined {
    const value = this.#columns.get(column)
    this.#used.add(column)
    if (value === undefined) {
      this.#refuse(
        at,
        (place) =>
          `Expected \`\${${column}}\` in ${place} to name a column of \`with\`, which row ${this.#number} does not have.${didYouMean(column, this.#columns.keys())}`,
      )
      return undefined
    }
    return value
  }
}

function textNode(node: YamlScalar, value: string): YamlScalar {
  return { ...node, value, within: () => node.at }
}

function asText(node: YamlNode): string {
  return node.kind === 'scalar' ? String(node.value) : JSON.stringify(plainOf(node))
}

function shorten(text: string): string {
  return text.length > LABEL_VALUE_MAX ? `${text.slice(0, LABEL_VALUE_MAX)}…` : text
}
