/*
 * Whether this Node can run us. It imports nothing and is written in syntax that every Node with ES modules parses: a
 * person with an old Node must read a sentence, not a SyntaxError. Keep it free of imports, `?.` and `??`.
 */

/** Kept equal to `engines.node` in package.json by a test. */
const NODE_MIN = '22.20'

/** What to tell a person whose Node is too old; `undefined` for one that is not. */
export function oldNodeMessage(): string | undefined {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [majorMin, minorMin] = NODE_MIN.split('.').map(Number)
  if (Number(major) > Number(majorMin) || (major === majorMin && Number(minor) >= Number(minorMin))) {
    return undefined
  }
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
