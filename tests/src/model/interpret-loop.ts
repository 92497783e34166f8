import { cancelled, decides, ended, event, type Interpret } from './ledger.ts'
import { commit, type Ledger, type Result, type Row, type Scope, sumOf } from './told.ts'
import { type LoopTree, mapped } from './tree.ts'

type End = Pick<Result, 'status' | 'output' | 'feedback'>

/** A loop: iterations on contexts of their own, each on the output of the one before, until a condition is met. */
export function interpretLoop(
  interpret: Interpret,
  tree: LoopTree,
  path: string,
  input: unknown,
  scope: Scope,
  ledger: Ledger,
): Result {
  const { name, body, max } = tree
  const rounds: Result[] = []
  let completed = 0
  let decidingMs = 0
  const whole = ({ status, output, feedback }: End, reason: Row): Result => {
    const { attempts: stepAttempts, latencyMs, tokens } = sumOf(rounds)
    const metadata = { ...reason, iterations: completed, stepAttempts }
    const children = Object.fromEntries(rounds.map((round, index) => [index + 1, round]))
    const end = { name, path, status, output, feedback }
    const result = { ...end, attempts: completed, tokens, metadata, children }
    return ended('loop', { ...result, latencyMs: latencyMs + decidingMs }, scope, ledger)
  }
  const fails = (exitReason: string, feedback: string): Result =>
    whole({ status: 'failed', output: undefined, feedback }, { exitReason })
  const throws = (which: string): Result =>
    fails(which === 'until' ? 'until_failed' : 'mapper_failed', threw(which, name))
  const stops = (): Result => whole(cancelled(name, path, scope), {})

  const answers = (): boolean => {
    const startedMs = scope.now
    const answered = decides(tree.decideMs, scope, ledger)
    decidingMs += scope.now - startedMs
    return answered
  }

  let value = input
  if (tree.initial !== 'none') {
    if (!answers()) return stops()
    if (tree.initial === 'throws') return throws('initialInput')
    value = mapped(value)
  }
  for (let iteration = 1; ; iteration++) {
    const visit = (scope.visits.get(path) ?? 0) + 1
    scope.visits.set(path, visit)
    const round: Scope = { ...scope, visit, done: [] }
    const result = interpret(body, `${path}/${body.name}`, value, round, ledger)
    rounds.push(result)
    Object.assign(scope, { token: round.token, now: round.now })
    if (result.status !== 'completed') {
      event(scope, path, 'iteration', { iteration, status: result.status }, ledger)
      return result.status === 'failed'
        ? fails('body_failed', `iteration ${iteration} failed: ${result.feedback}`)
        : whole(result, {})
    }
    completed++
    commit(scope, round.done)
    const answered = answers()
    const met = iteration === tree.metAt
    const asked = answered && iteration !== tree.untilThrowsAt ? { met } : {}
    event(scope, path, 'iteration', { iteration, status: 'completed', ...asked }, ledger)
    if (!answered) return stops()
    if (iteration === tree.untilThrowsAt) return throws('until')
    if (met) {
      if (tree.output !== 'none' && !answers()) return stops()
      if (tree.output === 'throws') return throws('output')
      const output = tree.output === 'maps' ? mapped(result.output) : result.output
      return whole({ status: 'completed', output, feedback: null }, { exitReason: 'condition' })
    }
    if (iteration === max) {
      const often = `${max} ${max === 1 ? 'iteration' : 'iterations'}`
      return fails(
        'max_iterations',
        `loop '${name}' reached its maximum of ${often} without meeting its condition`,
      )
    }
    if ((tree.next !== 'none' || tree.nextThrowsAt > 0) && !answers()) return stops()
    if (tree.next === 'throws' || iteration === tree.nextThrowsAt) return throws('nextInput')
    value = tree.next === 'maps' ? mapped(result.output) : result.output
  }
}

function threw(which: string, name: string): string {
  return `\`${which}\` of loop '${name}' threw: ${which === 'until' ? 'no idea' : 'no mapping'}`
}
