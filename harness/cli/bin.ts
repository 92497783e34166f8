#!/usr/bin/env node
/*
 * The bin of the package. It loads nothing before it knows that this Node can run the rest, and is written in
 * syntax that every Node with ES modules parses: a person with an old Node must read a sentence, not a SyntaxError.
 * Keep it free of static imports, `?.` and `??`.
 */

/** Kept equal to `engines.node` in package.json by a test. */
const NODE_MIN = '22.20'

if (isOldNode(process.versions.node)) {
  process.stderr.write(oldNodeMessage())
  process.exitCode = 2
} else {
  start().catch((error) => {
    process.stderr.write(`shakedown could not be loaded; its installation is damaged.\n\n${error.stack}\n`)
    process.exitCode = 5
  })
}

async function start(): Promise<void> {
  const { enableCompileCache } = await import('node:module')
  // Compiled code is kept in the system's folder for temporary files: the second start takes half as long.
  enableCompileCache()
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
}

function isOldNode(version: string): boolean {
  const [major, minor] = version.split('.').map(Number)
  const [majorMin, minorMin] = NODE_MIN.split('.').map(Number)
  return Number(major) < Number(majorMin) || (major === majorMin && Number(minor) < Number(minorMin))
}

function oldNodeMessage(): string {
  return [
    `shakedown needs Node ${NODE_MIN} or newer. This is Node ${process.versions.node}:`,
    `  ${process.execPath}`,
    '',
    'What to do, one of:',
    '',
    '  npm install --save-dev node@24    brings a newer Node along with this project;',
    '                                    `npm run …` and `npx …` then use it',
    '  npx -p node@24 -c "shakedown run" uses a newer Node from npm this once',
    '  https://nodejs.org/en/download    updates the Node of this machine',
    '',
    'Nothing was run and nothing was written.',
    '',
  ].join('\n')
}
