/** Modules with the mocks in them: line, column, what is written, where it comes from. */
export const SEEN = [
  ["vi.mock('./a')", ["1:1 vi.mock('./a') of ./a"]],
  ['vi.doMock(`./a`, () => ({}))', ["1:1 vi.doMock('./a') of ./a"]],
  ["vitest\n  .mock(import('./a.ts'), async () => ({}))", ["1:1 vitest.mock('./a.ts') of ./a.ts"]],
  [
    "import { core } from './a'\nit('x', () => {\n  vi.spyOn(core, 'execute')\n})",
    ["3:3 vi.spyOn(core, 'execute') of ./a"],
  ],
  [
    "import core from './a'\nvi.spyOn(core.inner . deep, `run`)",
    ["2:1 vi.spyOn(core.inner.deep, 'run') of ./a"],
  ],
  ["import * as all from './a'\nvi.spyOn(all, 'run')", ["2:1 vi.spyOn(all, 'run') of ./a"]],
  [
    "import one, { two as three, type Four } from './a'\nvi.spyOn(one,'a')\nvi.spyOn(three,'b')",
    ["2:1 vi.spyOn(one, 'a') of ./a", "3:1 vi.spyOn(three, 'b') of ./a"],
  ],
  [
    "import { Core } from './a'\nvi.spyOn(Core.prototype, 'execute')",
    ["2:1 vi.spyOn(Core.prototype, 'execute') of ./a"],
  ],
  [
    "import { Core } from './a'\nconst core: Core = new Core()\nvi.spyOn(core, 'execute')",
    ["3:1 vi.spyOn(core, 'execute') of ./a"],
  ],
  [
    "import { make } from './a'\nlet core = await make<X>()\nvi.spyOn(core, 'execute')",
    ["3:1 vi.spyOn(core, 'execute') of ./a"],
  ],
  ["vi.mock<typeof import('./a')>('./a', () => ({}))", ["1:1 vi.mock('./a') of ./a"]],
  ["vi.mock(/* why */ './a')", ["1:1 vi.mock('./a') of ./a"]],
  [
    "import { Core } from './a'\nlet core\nbeforeEach(() => {\n  core = new Core()\n})\nvi.spyOn(core, 'run')",
    ["6:1 vi.spyOn(core, 'run') of ./a"],
  ],
  [
    "import { core } from './a'\ncore.execute = vi.fn().mockReturnValue(1)\ncore.inner.run = vi.fn()",
    ['2:1 core.execute = vi.fn() of ./a', '3:1 core.inner.run = vi.fn() of ./a'],
  ],
  ...['(core as any), "run"', 'core as any, "run" as any', 'core as unknown as Core, "run"'].map(
    (args) =>
      [`import { core } from './a'\nvi.spyOn(${args})`, ["2:1 vi.spyOn(core, 'run') of ./a"]] as const,
  ),
  ["import { core } from './a'\nvi.spyOn<any, any>(core, 'run')", ["2:1 vi.spyOn(core, 'run') of ./a"]],
  ["const m = await import('./a')\nvi.spyOn(m.core, 'run')", ["2:1 vi.spyOn(m.core, 'run') of ./a"]],
  ["const { core: c } = await import('./a')\nvi.spyOn(c, 'run')", ["2:1 vi.spyOn(c, 'run') of ./a"]],
] as const

/** Modules that mock nothing of others. */
export const SILENT = [
  "// vi.mock('./a')",
  "/* vi.mock('./a') */",
  'const text = "vi.mock(\'./a\')"',
  "const text = `vi.mock('./a')`",
  "import type { Core } from './a'\nvi.spyOn(Core, 'x')",
  "import { type Core } from './a'\nvi.spyOn(Core, 'x')",
  "vi.spyOn(console, 'warn')",
  "import { core } from './a'\nvi.spyOn(other, 'x')",
  'vi.mock(name)',
  "vi.fn('./a')",
  'const run = vi.fn()',
  "import { core } from './a'\nother.core.execute = vi.fn()",
  "my.vi.mocks('./a')",
]
