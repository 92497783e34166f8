/** Where scenario files are looked for, as a glob. */
export const SCENARIO_GLOB = '**/*.scenario.{yaml,yml,ts}'

const YAML = /\.scenario\.ya?ml$/
const TYPESCRIPT = /\.scenario\.ts$/

/** What a scenario file is written in, by its name; `undefined` for any other file. */
export function scenarioLanguage(file: string): 'yaml' | 'typescript' | undefined {
  if (YAML.test(file)) return 'yaml'
  return TYPESCRIPT.test(file) ? 'typescript' : undefined
}
