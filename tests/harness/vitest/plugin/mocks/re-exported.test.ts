import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseAst } from 'vitest/node'
import { expect, test } from 'vitest'
import { type Modules, reExportsSubject } from '../../../../../harness/vitest/plugin/mocks/re-exported.ts'

/** Modules in a folder of their own; what `index.js` exports is asked about. */
class Project {
  readonly #folder: string = mkdtempSync(path.join(tmpdir(), 'shakedown-mocks-'))

  write(name: string, code: string): void {
    writeFileSync(this.#at(name), code)
  }

  async exportsSubject(names?: readonly string[]): Promise<boolean> {
    const modules: Modules = {
      parse: parseAst,
      resolve: (specifier) => Promise.resolve(this.#at(`${path.basename(specifier)}.js`)),
    }
    return reExportsSubject(modules, new Set([this.#at('subject.js')]), this.#at('index.js'), names)
  }

  #at(name: string): string {
    return path.join(this.#folder, name)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}

test.each([0, 5, 9, 15, 300])(
  'a barrel that leads to the subject is found behind %i modules of the same barrel',
  async (siblings) => {
    using project = new Project()
    const names = Array.from({ length: siblings }, (_, index) => `sibling${index}`)
    for (const name of names) project.write(`${name}.js`, `import './subject'\nexport const ${name} = 1`)
    project.write('index.js', [...names, 'barrel'].map((name) => `export * from './${name}'`).join('\n'))
    project.write('barrel.js', "export { run } from './subject'")
    expect(await project.exportsSubject(['run'])).toBe(true)
    expect(await project.exportsSubject()).toBe(true)
    expect(await project.exportsSubject(['sibling0', 'nothing'])).toBe(false)
  },
)

test('barrels of barrels end after ten, also where they lead in a circle', async () => {
  using project = new Project()
  project.write('index.js', "export * from './barrel1'")
  for (let at = 1; at < 12; at++) project.write(`barrel${at}.js`, `export * from './barrel${at + 1}'`)
  project.write('barrel9.js', "export * from './subject'")
  expect(await project.exportsSubject(['run'])).toBe(true)
  project.write('barrel9.js', "export * from './barrel10'")
  project.write('barrel10.js', "export * from './subject'")
  expect(await project.exportsSubject(['run'])).toBe(false)
  project.write('barrel9.js', "export * from './index'")
  expect(await project.exportsSubject(['run'])).toBe(false)
})
