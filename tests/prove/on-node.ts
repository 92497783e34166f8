import { spawn } from 'node:child_process'
import process from 'node:process'

/**
 * `npm run test:node -- 22.20.0 [what Vitest takes]` runs the tests, the README's blocks among them, on that version of
 * Node. npm gets it, into its own cache: nothing of the project changes.
 */
const [version, ...filters] = process.argv.slice(2)
if (version === undefined || !/^\d+(\.\d+){0,2}$/.test(version)) {
  process.stderr.write(
    `Expected a version of Node, like \`npm run test:node -- 22.20.0\`, got ${version ?? 'none'}.\n`,
  )
  process.exit(2)
}

// Vitest is started by its path: its bin begins with `#!/usr/bin/env node`, and npm puts the project's own Node first.
const vitest = ['--', 'node', 'node_modules/vitest/vitest.mjs', 'run', ...filters]
const child = spawn('npx', ['--yes', '--package', `node@${version}`, ...vitest], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
child.on('close', (code, signal) => {
  if (signal !== null) process.stderr.write(`The tests on Node ${version} were ended by ${signal}.\n`)
  process.exitCode = code ?? 1
})
