import { jsonText } from '../../audit/json-text.ts'
import { readable, SharedList } from '../../context/context-values.ts'
import type { RunContext } from '../../context/run-context.ts'
import type { Talk, Turn } from '../../nodes/conversation.ts'

/** Characters of a model token, by the rule of thumb that the makers of models give for English text. */
const CHARS_PER_TOKEN = 4

/** Words that end a conversation where a step says nothing else. */
const FINISH_WORDS: ReadonlySet<string> = new Set(['finish', 'done'])

/** True for what ends a conversation and is no turn. */
export function isFinish(output: unknown): boolean {
  if (typeof output === 'string') return FINISH_WORDS.has(output.trim().toLowerCase())
  try {
    return typeof output === 'object' && output !== null && 'action' in output && output.action === 'finish'
  } catch {
    // What cannot be read asks for nothing.
    return false
  }
}

/** What was said as a turn; nothing for what says nothing, and for what a step ends the conversation with. */
export function turnOf(role: Turn['role'], said: unknown): readonly Turn[] {
  if (said === undefined || said === null || said === '') return NO_TURNS
  if (role === 'assistant' && isFinish(said)) return NO_TURNS
  return [{ role, content: typeof said === 'string' ? said : jsonText(said) }]
}

const NO_TURNS: readonly Turn[] = []

/**
 * Adds turns to the history of a conversation. A user turn that says what the one just before it says is kept once.
 * @throws TypeError when the key holds no list
 */
export function addTurns(context: RunContext, key: string, turns: readonly Turn[]): void {
  const added: Turn[] = []
  let last: unknown = lastOf(context.now.find(key))
  for (const turn of turns) {
    if (!isRepeated(turn, last)) added.push(turn)
    last = turn
  }
  // Also where there is nothing to add: a list is there from the start.
  context.commit(new Map([[key, { kind: 'append', items: added }]]))
}

function lastOf(found: unknown): unknown {
  if (found instanceof SharedList) return found.read(found.length - 1)[0]
  return Array.isArray(found) ? found.at(-1) : undefined
}

function isRepeated({ role, content }: Turn, last: unknown): boolean {
  if (role !== 'user' || typeof last !== 'object' || last === null) return false
  const before = last as Partial<Turn>
  return before.role === 'user' && before.content === content
}

/** Forgets the oldest turns that are too many; the newest always stays. */
export function trimTurns(context: RunContext, { history, turnsMax, tokensMax }: Talk): void {
  if (turnsMax === Infinity && tokensMax === Infinity) return
  const turns = readable(context.now.find(history)) as readonly Turn[]
  let kept = 0
  let tokens = 0
  while (kept < turns.length && kept < turnsMax) {
    tokens += tokensOf(turns[turns.length - 1 - kept])
    if (kept > 0 && tokens > tokensMax) break
    kept++
  }
  if (kept < turns.length)
    context.commit(new Map([[history, { kind: 'set', value: turns.slice(turns.length - kept) }]]))
}

/** A history may have been begun by others, whose turns are what they are. */
function tokensOf(turn: Turn | undefined): number {
  const content: unknown = turn?.content
  const text = typeof content === 'string' ? content : jsonText(content)
  return Math.ceil(text.length / CHARS_PER_TOKEN)
}
