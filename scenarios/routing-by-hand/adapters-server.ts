import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Three adapters behind one real server on this machine: `POST /prefect`, `/agno` and `/llamaindex` do the task. */
const server = createServer((request, response) => {
  const adapter = request.url?.slice(1) ?? ''
  request.resume().once('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ doneBy: adapter }))
  })
})

server.listen(0, '127.0.0.1')
await once(server, 'listening')
// The suite must be able to end while the server still listens.
server.unref()

/** Where the adapters listen, e.g. `http://127.0.0.1:41234`. */
export const adaptersUrl: string = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
