/**
 * The page's one script: a box that filters by name. The page allows it by its hash. Without it the box stays hidden,
 * and everything is where it was: tests are folded below their files, where the browser's own search finds them.
 *
 * Files are unfolded while few enough tests are left to be looked at.
 */
export const SCRIPT = `
(() => {
  const SHOWN_MAX = 500
  const box = document.querySelector('.find')
  if (!box) return
  const input = box.querySelector('input')
  const told = box.querySelector('output')
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const files = all('details.test-file')
  let items
  const collect = () => {
    const tests = files.flatMap((file) => {
      const path = file.querySelector('.file-name').textContent
      const own = { element: file, text: path.toLowerCase() }
      const listed = all('.tests li', file).map((element) => ({
        element, file, text: (path + ' ' + element.textContent).toLowerCase(),
      }))
      return listed.length === 0 ? [own] : listed
    })
    const others = all('details.entry > summary').map((summary) => ({
      element: summary.parentElement, text: summary.textContent.toLowerCase(),
    }))
    const rows = all('tbody tr').map((element) => ({ element, text: element.textContent.toLowerCase() }))
    return [...tests, ...others, ...rows]
  }
  const filter = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean)
    items ??= collect()
    const matching = new Map()
    let tests = 0
    for (const { element, file, text } of items) {
      const shown = words.every((word) => text.includes(word))
      element.hidden = !shown
      if (!shown || file === undefined) continue
      tests += 1
      matching.set(file, (matching.get(file) ?? 0) + 1)
    }
    for (const file of files) {
      if (file.querySelector('.tests li') !== null) file.hidden = !matching.has(file)
      file.open = words.length > 0 && tests <= SHOWN_MAX && matching.has(file)
    }
    for (const section of all('main > section'))
      section.hidden = section.querySelector(
        'details.entry:not([hidden]), details.test-file:not([hidden]), tbody tr:not([hidden])',
      ) === null
    told.textContent = words.length === 0 ? '' : tests + (tests === 1 ? ' test' : ' tests')
  }
  let asked = 0
  input.addEventListener('input', () => {
    cancelAnimationFrame(asked)
    asked = requestAnimationFrame(filter)
  })
  box.hidden = false
})()
`
