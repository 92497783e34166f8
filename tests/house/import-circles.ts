import { moduleFacts } from './module-facts.ts'
import { resolveImport } from './import-directions.ts'
import { isTypeScript } from './source-tree.ts'
import type { SourceFile, Violation } from './source-tree.ts'

/** Who imports whom; type imports count too, because a reader follows them just the same. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** No circle between files, and none between rooms, however deep in the house: `src/audit/`, `harness/faults/play/`. */
export function importCircles(files: readonly SourceFile[]): Violation[] {
  const graph = fileGraph(files)
  const deepest = Math.max(0, ...[...graph.keys()].map((file) => file.split('/').length - 1))
  const depths = Array.from({ length: deepest }, (_, index) => index + 1).filter((depth) => depth > 1)
  return [
    ...circlesOf(graph).map((circle) => violation(circle, 'files', '')),
    ...depths.flatMap((depth) =>
      circlesOf(roomGraph(graph, depth)).map((circle) =>
        violation(circle, 'rooms', `: ${doorsOf(circle, graph, depth)}`),
      ),
    ),
  ]
}

function violation(circle: readonly string[], what: string, why: string): Violation {
  const round = [...circle, circle[0]!].join(' → ')
  return { path: circle[0]!, message: `expected imports to go one way between ${what}, got ${round}${why}` }
}

/** For each step from room to room one import that takes it, so that one knows what to move. */
function doorsOf(circle: readonly string[], graph: Graph, depth: number): string {
  const doors = circle.map((room, index) => {
    const next = circle[(index + 1) % circle.length]
    for (const [from, targets] of graph)
      for (const target of targets)
        if (roomOf(from, depth) === room && roomOf(target, depth) === next) return `${from} imports ${target}`
    return ''
  })
  return doors.join(', ')
}

function fileGraph(files: readonly SourceFile[]): Graph {
  const sources = files.filter(isTypeScript)
  const known = new Set(sources.map((file) => file.path))
  return new Map(
    sources.map((file) => {
      const targets = moduleFacts(file)
        .imports.filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolveImport(file.path, specifier))
      return [file.path, new Set(targets.filter((target) => known.has(target)))]
    }),
  )
}

/**
 * The rooms this many folders deep. Imports between two outer rooms are the business of a lesser depth, where a circle
 * of them is found once.
 */
function roomGraph(graph: Graph, depth: number): Graph {
  const rooms = new Map<string, Set<string>>()
  for (const [from, targets] of graph) {
    const here = roomOf(from, depth)
    const room = rooms.get(here) ?? new Set()
    for (const target of targets) {
      const there = roomOf(target, depth)
      if (there !== here && roomOf(target, depth - 1) === roomOf(from, depth - 1)) room.add(there)
    }
    rooms.set(here, room)
  }
  return rooms
}

/** The first `depth` folders of a path; a file that lies in fewer is a room of its own. */
function roomOf(file: string, depth: number): string {
  const segments = file.split('/')
  return segments.length > depth ? `${segments.slice(0, depth).join('/')}/` : file
}

/** One shortest circle per knot: strongly connected nodes are found once and shown by the shortest way round. */
function circlesOf(graph: Graph): string[][] {
  const circles: string[][] = []
  const explained = new Set<string>()
  for (const start of graph.keys()) {
    if (explained.has(start)) continue
    const circle = shortestWayBack(graph, start)
    if (!circle) continue
    circles.push(circle)
    for (const node of circle) explained.add(node)
  }
  return circles
}

function shortestWayBack(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return wayTo(node, start, cameFrom)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}

function wayTo(node: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [node]
  while (way[0] !== start) way.unshift(cameFrom.get(way[0]!)!)
  return way
}
