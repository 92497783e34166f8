import { followResources, forgetResources, ofOurOwn } from './hook.ts'
import { listenToHttpClients } from './http-clients.ts'
import { awaitKeptConnections } from './kept-connections.ts'
import { awaitPeers, listenToPeers } from './kept-peers.ts'
import type { Work } from './work.ts'

// Captured at import: global timers may be virtual while a scenario runs.
const realImmediate = setImmediate

let users = 0
/** What ends the listening, while there is some. */
let stopListening: (() => void) | undefined
let stopIsDue = false

/**
 * Notes, until the returned function is called, what real work begins in the name of any scenario's `Work`; `inNameOf`
 * says what does.
 *
 * It is on only while scenarios run, because it costs everybody a little. Beginning and ending cost more than a scenario
 * does, so the end is put off by a turn: the next scenario mostly begins before.
 */
export function trackWork(work: Work): () => void {
  users++
  stopListening ??= listen()
  const endKept = awaitKeptConnections(work)
  const endPeers = awaitPeers(work)
  return () => {
    users--
    endKept()
    endPeers()
    forgetResources(work)
    work.end()
    if (stopIsDue) return
    stopIsDue = true
    ofOurOwn(() => realImmediate(stopUnlessUsed))
  }
}

function listen(): () => void {
  const stopFollowing = followResources()
  const stopHttp = listenToHttpClients()
  const stopPeers = listenToPeers()
  return () => {
    stopPeers()
    stopHttp()
    stopFollowing()
  }
}

function stopUnlessUsed(): void {
  stopIsDue = false
  if (users > 0) return
  stopListening?.()
  stopListening = undefined
}
