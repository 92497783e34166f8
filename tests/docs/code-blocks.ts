/** A fenced code block and what its marker, an HTML comment right above it, says to do with it. */
export interface CodeBlock {
  /** The line of the opening fence, from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  readonly marker: Marker
  /** Code that the reader need not see, put before the block: `<!-- before … -->`. */
  readonly before: string
}

export type Marker =
  | { readonly kind: 'none' }
  /** `<!-- run -->`: run it in the document's project; `<!-- run: exit 1 -->` when failing is what it shows. */
  | { readonly kind: 'run'; readonly exitCode: number }
  /** `<!-- output -->`: what the last run printed; durations, ids, dates and versions aside. */
  | { readonly kind: 'output' }
  /** `<!-- file: orders.ts -->`: a file of the document's project. */
  | { readonly kind: 'file'; readonly path: string }
  /** `<!-- run by: .ci/run -->`: each line stands in that file of the repository, which really runs it. */
  | { readonly kind: 'run-by'; readonly path: string }
  /** `<!-- workflow -->`: a whole GitHub workflow, held to the linter of the repository's own. */
  | { readonly kind: 'workflow' }
  | { readonly kind: 'unknown'; readonly text: string }

const COMMENTS_THEN_FENCE =
  /((?:^[ \t]*<!--[\s\S]*?-->\s*?\n\s*)*)^([ \t]*)(`{3,})([\w-]*)[^\n]*\n([\s\S]*?)^\2\3[ \t]*$/gm

/** The fenced blocks of a Markdown text, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(COMMENTS_THEN_FENCE)].map((match) => {
    const [, above = '', indent = '', , language = '', body = ''] = match
    const comments = [...above.matchAll(/<!--([\s\S]*?)-->/g)].map(([, text = '']) => text.trim())
    const hidden = comments.filter((text) => /^before\s/.test(text))
    const marker = comments.findLast((text) => !hidden.includes(text))
    return {
      line: markdown.slice(0, match.index + above.length).split('\n').length,
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      marker: marker === undefined ? { kind: 'none' } : parseMarker(marker),
      before: hidden.map((text) => text.replace(/^before\s+/, '')).join('\n'),
    }
  })
}

function parseMarker(text: string): Marker {
  const [, word = '', , value = ''] = /^(run by|run|output|file)(:\s*(.*))?$/.exec(text) ?? []
  if (text === 'workflow') return { kind: 'workflow' }
  if (word === 'run' && value === '') return { kind: 'run', exitCode: 0 }
  const exitCode = /^exit (\d+)$/.exec(value)?.[1]
  if (word === 'run' && exitCode !== undefined) return { kind: 'run', exitCode: Number(exitCode) }
  if (word === 'output' && value === '') return { kind: 'output' }
  if (word === 'file' && value !== '') return { kind: 'file', path: value }
  if (word === 'run by' && value !== '') return { kind: 'run-by', path: value }
  return { kind: 'unknown', text }
}
