import { checkText, comparedBy, comparedIn } from '../../text/comparison.ts'
import { checksFailed, count } from '../../text/words.ts'
import { safe } from '../../text/terminal.ts'
import { comparedFields, diffFields, field, placeField } from './fields.ts'
import type { ErrorInfo } from '../../report/error-info.ts'
import type { ScenarioProblem } from '../../report/scenarios.ts'
import type { Terminal } from '../../text/terminal.ts'

/** Checks shown of one failure, so that the next one is not a page away. */
const CHECKS_SHOWN_MAX = 10

/**
 * What is wrong with a scenario, check by check: what was expected, what there was, where that is written.
 *
 * @param error the scenario's own, whose diff is that of the first comparison
 * @param label of the first line
 */
export function checkFields(
  checks: readonly ScenarioProblem[],
  { diff }: ErrorInfo,
  terminal: Terminal,
  label: string,
): string[] {
  const shown = checks.slice(0, CHECKS_SHOWN_MAX)
  const left = checks.length - shown.length
  const several = checks.length > 1
  const compared = diffed(checks, diff)
  return [
    ...(several ? field(terminal, label, checksFailed(checks.length)) : []),
    ...shown.flatMap((check) =>
      checkLines(check, terminal, several ? 'Check' : label).concat(
        check === compared ? diffFields(diff, terminal) : [],
        placeField(check.location, terminal),
      ),
    ),
    ...(left > 0 ? field(terminal, '', `… and ${count(left, 'more check')}, all in the report`) : []),
  ]
}

/** The check that the diff is of, unless the check says both values itself. */
function diffed(checks: readonly ScenarioProblem[], diff: string | null): ScenarioProblem | undefined {
  const comparing = checks.find(({ comparison }) => comparison !== undefined)
  if (comparedIn(diff) === undefined) return comparing ?? checks[0]
  // That it ended otherwise is said in words; two bare numbers of an oracle would say nothing.
  return comparing === undefined ? checks.find(({ code }) => code === 'E_EXPECT') : undefined
}

function checkLines(check: ScenarioProblem, terminal: Terminal, label: string): string[] {
  const compared = comparedBy(check)
  const text = checkText(check)
  return [
    ...(compared === undefined ? [] : comparedFields(compared, terminal)),
    ...(text === '' ? [] : field(terminal, compared === undefined ? label : '', safe(text))),
  ]
}
