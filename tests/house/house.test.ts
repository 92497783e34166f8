import { expect, test } from 'vitest'
import { engineDates } from './engine-dates.ts'
import { importCircles } from './import-circles.ts'
import { importDirections } from './import-directions.ts'
import { layout } from './layout.ts'
import { describeViolations, isTypeScript, readSourceTree } from './source-tree.ts'
import { starExports } from './star-exports.ts'

const root = new URL('../..', import.meta.url).pathname
const files = await readSourceTree(root)

test('the tree that is checked is the repository, not an empty folder', () => {
  for (const folder of ['src', 'reporters', 'harness', 'tests'])
    expect(files.filter((file) => file.path.startsWith(`${folder}/`) && isTypeScript(file))).not.toEqual([])
})

test('every folder imports only from the folders the architecture allows it', () => {
  expect(describeViolations(importDirections(files))).toEqual([])
})

test('imports go in no circle, neither between files nor between rooms', () => {
  expect(describeViolations(importCircles(files))).toEqual([])
})

test('every export is named', () => {
  expect(describeViolations(starExports(files))).toEqual([])
})

test('the engine never asks for the current date', () => {
  expect(describeViolations(engineDates(files))).toEqual([])
})

test('only the folders of the architecture exist, each introduced by a README', () => {
  expect(describeViolations(layout(files))).toEqual([])
})
