import type { StoredJson } from '../../faults/grammar/json.ts'
import { pointerOf } from '../positions.ts'
import type { Position } from '../scenario.ts'

/** A YAML value without YAML: plain data that still knows where each part of it was written. */
export type YamlNode = YamlScalar | YamlList | YamlMap

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly at: Position
  readonly value: null | boolean | number | string
  /** Position of the nth UTF-16 unit of a text value, for pointing into it. */
  readonly within: (offset: number) => Position
}

export interface YamlList {
  readonly kind: 'list'
  readonly at: Position
  readonly items: readonly YamlNode[]
}

export interface YamlMap {
  readonly kind: 'map'
  readonly at: Position
  readonly entries: readonly YamlEntry[]
}

export interface YamlEntry {
  readonly key: string
  readonly keyAt: Position
  readonly value: YamlNode
}

/** The node as plain JSON data. */
export function plainOf(node: YamlNode): StoredJson {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainOf)
    case 'map':
      // fromEntries defines own properties, so a key `__proto__` is data like any other.
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value)]))
  }
}

/** JSON Pointer of every key and list item → where it is. */
export function positionsOf(root: YamlNode): Record<string, Position> {
  const positions: Record<string, Position> = { '': root.at }
  const visit = (node: YamlNode, path: readonly (string | number)[]): void => {
    if (node.kind === 'list') {
      for (const [index, item] of node.items.entries()) {
        positions[pointerOf([...path, index])] = item.at
        visit(item, [...path, index])
      }
    } else if (node.kind === 'map') {
      for (const { key, keyAt, value } of node.entries) {
        positions[pointerOf([...path, key])] = keyAt
        visit(value, [...path, key])
      }
    }
  }
  visit(root, [])
  return positions
}

/** The node at a path, or `undefined`. */
export function nodeAt(root: YamlNode, path: readonly (string | number)[]): YamlNode | undefined {
  let node: YamlNode | undefined = root
  for (const key of path) {
    if (node?.kind === 'list') node = node.items[Number(key)]
    else if (node?.kind === 'map') node = node.entries.find((entry) => entry.key === key)?.value
    else return undefined
  }
  return node
}
