/** What a release of Vitest joins the names of suites and test with, before it compares them with `-t`. */
export function nameSeparator(vitest: string): ' ' | ' > ' {
  return Number.parseInt(vitest) < 5 ? ' ' : ' > '
}
