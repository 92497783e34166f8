import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

/** Reads a feed of lines, `ID TEXT`, to its end. A cut is no end: it goes on after the last line that came whole. */
export async function readFeed(_: null, ports: Ports): Promise<readonly string[]> {
  const lines: string[] = []
  let lastId = '0'
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await ports.fetch(`http://feed.example/events?after=${lastId}`)
      if (!response.ok) throw new Error(`The feed answered ${response.status}.`)
      for await (const line of linesOf(response)) {
        const [id = '', text = ''] = line.split(' ', 2)
        lines.push(text)
        lastId = id
        attempt = 1
      }
      return lines
    } catch (error) {
      if (attempt === 3) throw error
      await sleep(100 * attempt)
    }
  }
}

/** Whole lines; what is left of one when the stream is cut is not a line. */
async function* linesOf({ body }: Response): AsyncGenerator<string> {
  let rest = ''
  if (body === null) return
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
