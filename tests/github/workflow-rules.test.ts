import { expect, test } from 'vitest'
import { workflowViolations } from './workflow-rules.ts'

const sha = '3d3c42e5aac5ba805825da76410c181273ba90b1'
const good = `
on: pull_request
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
        with:
          persist-credentials: false
      - run: echo "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
`

function complaints(text: string): string[] {
  return workflowViolations({ path: 'pr.yml', text }).map(({ message }) => message)
}

test('a pinned, read-only, limited workflow breaks no rule', () => {
  expect(complaints(good)).toEqual([])
})

test.each([
  ['a tag instead of a commit', `@${sha} # v7.0.1`, '@v7', 'expected an action pinned'],
  ['a shortened commit', sha, sha.slice(0, 12), 'expected an action pinned'],
  ['a commit nobody can read', ' # v7.0.1', '', 'expected an action pinned'],
  [
    'a tag written in another style',
    '      - run:',
    '      - { uses: actions/cache@v5 }\n      - run:',
    'pinned',
  ],
  ['no permissions, which means all', 'permissions:\n  contents: read\n', '', 'permissions that only read'],
  ['permission to write', 'contents: read', 'contents: write', 'permissions that only read'],
  ['all permissions by one word', '\n  contents: read', ' write-all', 'permissions that only read'],
  [
    'a job that gives itself more',
    '    timeout',
    '    permissions: { packages: write }\n    timeout',
    'only read',
  ],
  ['a job without a time limit', '    timeout-minutes: 5\n', '', 'to have timeout-minutes'],
  ['an event pasted into a script', '"$TITLE"', '"${{ github.event.pull_request.title }}"', 'through env'],
  [
    'a stranger running with our secrets',
    'on: pull_request',
    'on: [pull_request_target]',
    'pull_request_target',
  ],
  ['a token left in the checkout', 'persist-credentials: false', 'fetch-depth: 0', 'persist-credentials'],
])('%s is refused', (_what, from, to, message) => {
  expect(good).toContain(from)
  expect(complaints(good.replace(from, to))).toEqual([expect.stringContaining(message)])
})

test('the steps of a composite action are held to the same rules', () => {
  const action = `
runs:
  using: composite
  steps:
    - run: echo \${{ inputs.command }}
      shell: bash
    - uses: actions/upload-artifact@v7
`
  expect(complaints(action)).toEqual([
    expect.stringContaining('pinned'),
    expect.stringContaining('through env'),
  ])
})
