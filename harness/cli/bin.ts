#!/usr/bin/env node
/*
 * The bin of the package. It loads nothing before it knows that this Node can run the rest, and is written in
 * syntax that every Node with ES modules parses, as old-node.ts is. Keep it free of static imports, `?.` and `??`.
 */

start().catch((error) => {
  process.stderr.write(`shakedown could not be loaded; its installation is damaged.\n\n${error.stack}\n`)
  process.exitCode = 5
})

async function start(): Promise<void> {
  const { oldNodeMessage } = await import('../settings/old-node.ts')
  const complaint = oldNodeMessage()
  if (complaint !== undefined) {
    process.stderr.write(complaint)
    process.exitCode = 2
    return
  }
  const { enableCompileCache } = await import('node:module')
  // Compiled code is kept in the system's folder for temporary files: the second start takes half as long.
  enableCompileCache()
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
}
