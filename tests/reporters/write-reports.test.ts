import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { prepareReportDir } from '../../reporters/journal/report-dir.ts'
import { parseReport } from '../../reporters/report/parse.ts'
import { writeReports } from '../../reporters/write-reports.ts'
import { sampleReport } from './support/sample-report.ts'
import { tempDir } from './support/temp-dir.ts'

test('three files are written into a folder that is created, and nothing else', async () => {
  using dir = tempDir()
  const reportDir = path.join(dir.path, 'a/b')
  const written = await writeReports(sampleReport(), reportDir)
  expect(readdirSync(reportDir).toSorted()).toEqual(['report.html', 'report.json', 'report.md'])
  expect(parseReport(readFileSync(written.json, 'utf8'), written.json)).toEqual(sampleReport())
  expect(readFileSync(written.html, 'utf8')).toMatch(/^<!doctype html>/)
  expect(readFileSync(written.markdown, 'utf8')).toMatch(/^## ⚠️ INCOMPLETE/)
})

test('an older report is replaced', async () => {
  using dir = tempDir()
  writeFileSync(path.join(dir.path, 'report.json'), 'old')
  await writeReports(sampleReport(), dir.path)
  expect(readFileSync(path.join(dir.path, 'report.json'), 'utf8')).not.toBe('old')
})

test('a report folder that is a file, or below one, is refused with the path and what to do', async () => {
  using dir = tempDir()
  const file = path.join(dir.path, 'taken')
  writeFileSync(file, 'mine')
  for (const reportDir of [file, path.join(file, 'below')])
    for (const use of [
      () => writeReports(sampleReport(), reportDir),
      async () => prepareReportDir(reportDir),
    ])
      await expect(use()).rejects.toThrow(
        expect.objectContaining({
          code: 'E_REPORT_DIR',
          message: expect.stringContaining(`Expected the report folder ${reportDir} to be writable, got `),
          hint: expect.stringContaining('A file is where a folder is needed'),
        }),
      )
  expect(readFileSync(file, 'utf8')).toBe('mine')
})

test('a report that cannot be replaced leaves no half-written file behind', async () => {
  using dir = tempDir()
  mkdirSync(path.join(dir.path, 'report.json'))
  await expect(writeReports(sampleReport(), dir.path)).rejects.toThrow(
    expect.objectContaining({
      code: 'E_REPORT_DIR',
      hint: expect.stringContaining('A folder is where a report file is needed'),
    }),
  )
  expect(readdirSync(dir.path)).toEqual(['report.json'])
})

test('a folder that can be written is prepared by creating it', () => {
  using dir = tempDir()
  prepareReportDir(path.join(dir.path, 'new'))
  expect(existsSync(path.join(dir.path, 'new'))).toBe(true)
})

test('when one of the files cannot be written, none of an older report is left to contradict it', async () => {
  using dir = tempDir()
  await writeReports(sampleReport(), dir.path)
  // The last one of the three: the others could already have taken their places.
  mkdirSync(path.join(dir.path, `report.html.${process.pid}.tmp`))
  await expect(writeReports(sampleReport(), dir.path)).rejects.toThrow(
    expect.objectContaining({ code: 'E_REPORT_DIR' }),
  )
  expect(readdirSync(dir.path).filter((name) => /^report\.\w+$/.test(name))).toEqual([])
})

test('the next step in a report names its folder as seen from where the run was', async () => {
  using dir = tempDir()
  await writeReports(sampleReport(), path.resolve(dir.path))
  const seen = path.relative(process.cwd(), dir.path)
  expect(readFileSync(path.join(dir.path, 'report.md'), 'utf8')).toContain(
    `npx shakedown explain run-1 --db ${seen}/runs.db`,
  )
})
