/**
 * The page's style sheet. It is inside the page, is allowed there by its hash, and uses nothing from outside:
 * system fonts, no images. Colours come in pairs that keep a contrast of at least 4.5 in both schemes.
 */
export const STYLES = `
:root {
  color-scheme: light dark;
  --page: #f6f7f8; --card: #ffffff; --sunken: #f1f3f5; --line: #dde1e6; --text: #1c2126; --soft: #57606a;
  --link: #0a5c9e; --passed: #14703a; --failed: #b3261e; --timeout: #955300; --lost: #7038a8; --warned: #7a5b00; --note: #57606a;
  --added: #fbeae9; --removed: #e7f4ec; --shadow: 0 1px 2px rgb(20 30 40 / 7%);
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #121518; --card: #1a1e23; --sunken: #14181c; --line: #30373f; --text: #e4e8ec; --soft: #9ca6b1;
    --link: #7cb8f2; --passed: #6ccb8f; --failed: #ff938a; --timeout: #f2b15c; --lost: #c9a2f5; --warned: #e3c35a; --note: #9ca6b1;
    --added: #3a2022; --removed: #16301f; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
h1, h2, h3, p, ul, dl, dd, pre { margin: 0; padding: 0; }
ul { list-style: none; }
svg.icon { width: 1em; height: 1em; flex: none; vertical-align: -.125em; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.passed { --tone: var(--passed); } .failed { --tone: var(--failed); } .timeout { --tone: var(--timeout); }
.lost { --tone: var(--lost); } .warned { --tone: var(--warned); } .note { --tone: var(--note); }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
.wrap { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }

header { background: var(--card); border-bottom: 1px solid var(--line); border-top: 5px solid var(--tone); padding: 1.75rem 0 1.5rem; }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.1rem); line-height: 1.2; font-weight: 680; letter-spacing: -.015em; color: var(--tone); display: flex; gap: .5em; align-items: baseline; }
h1 svg.icon { width: .9em; height: .9em; stroke-width: 2; }
.facts { color: var(--soft); display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .92rem; }
header .facts { margin-top: .6rem; }
.bar { display: block; width: 100%; height: .6rem; margin-top: 1.4rem; border-radius: .3rem; }
.bar rect { fill: var(--tone); }
.bar rect.note { opacity: .5; } .bar rect.passed { opacity: .8; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin-top: .6rem; font-size: .92rem; }
.legend svg { color: var(--tone); margin-right: .4em; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 1.25rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem .75rem; box-shadow: var(--shadow); }
.tile dt { color: var(--soft); font-size: .85rem; }
.tile dd { font-size: 1.45rem; font-weight: 640; line-height: 1.25; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.tile.failed dd, .tile.timeout dd, .tile.lost dd, .tile.warned dd { color: var(--tone); }
.tile dd.under { font-size: .85rem; font-weight: 400; color: var(--soft); letter-spacing: 0; min-height: 1.25em; }

nav ul { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; font-size: .95rem; }
nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
.count { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
main section { margin: 2.25rem 0 0; }
h2 { font-size: 1.2rem; font-weight: 660; margin-bottom: .7rem; letter-spacing: -.005em; }
h2 .count { font-size: 1rem; margin-left: .35em; }

.entry { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: .5rem; margin-top: .6rem; box-shadow: var(--shadow); }
summary { cursor: pointer; }
.entry > summary { padding: .7rem .9rem; display: grid; grid-template-columns: 6rem minmax(0, 1fr) 1rem; gap: .1rem .75rem; align-items: baseline; list-style: none; }
.entry > summary > .badge { justify-self: start; }
.entry > summary::-webkit-details-marker { display: none; }
.entry > summary::after { content: ""; grid-area: 1 / 3; align-self: start; width: .55rem; height: .55rem; margin: .45rem .25rem 0 0; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); }
.entry[open] > summary::after { margin-top: .7rem; transform: rotate(-135deg); }
.entry > summary:hover::after { border-color: var(--link); }
.entry h3 { font-size: 1rem; font-weight: 620; line-height: 1.4; }
.entry h3 .file { display: block; font-weight: 400; color: var(--soft); font-size: .88rem; }
.entry h3 .file:only-child { color: var(--text); font-size: 1rem; font-weight: 620; }
.entry .facts { grid-column: 2; font-size: .88rem; }
.body { padding: 0 .9rem .9rem; display: grid; gap: .7rem; grid-template-columns: minmax(0, 1fr); }
.badge { color: var(--tone); border: 1px solid currentColor; border-radius: 1em; padding: .08em .6em .08em .45em; font-size: .76rem; font-weight: 680; letter-spacing: .02em; white-space: nowrap; display: inline-flex; align-items: center; gap: .35em; }
pre { white-space: pre-wrap; background: var(--sunken); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; line-height: 1.5; tab-size: 2; }
pre.message b { font-weight: 650; }
pre.diff { padding: .5rem 0; }
pre.diff span { display: block; padding: 0 .8rem; }
pre.diff .removed { background: var(--removed); } pre.diff .added { background: var(--added); }
.check { display: grid; gap: .2rem; grid-template-columns: minmax(0, 1fr); }
.check dl { display: grid; gap: 1px; border: 1px solid var(--line); border-radius: .4rem; overflow: hidden; }
.check dl div { display: grid; grid-template-columns: 6rem minmax(0, 1fr); align-items: baseline; }
.check dt { padding: .25rem .8rem; color: var(--soft); font-size: .88rem; }
.check dd { padding: .25rem .8rem; white-space: pre-wrap; }
.check .removed { background: var(--removed); } .check .added { background: var(--added); }
.cause { color: var(--soft); font-size: .92rem; }
.more > summary { color: var(--link); font-size: .9rem; width: fit-content; }
.more pre { margin-top: .4rem; }

.test-file { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin-top: .35rem; box-shadow: var(--shadow); }
.test-file > summary { padding: .45rem .9rem; display: flex; flex-wrap: wrap; gap: .1rem .75rem; align-items: baseline; }
.test-file > summary > .file-name { flex: 1 1 16rem; min-width: 0; }
.test-file > summary > .facts { font-size: .88rem; }
.tests { margin: 0; padding: .2rem .9rem .7rem; list-style: none; font-size: .94rem; }
.tests li { padding: .12rem 0 .12rem 1.5em; text-indent: -1.5em; white-space: pre-line; }
.tests li::before { content: "–" / ""; color: var(--tone); display: inline-block; width: 1.5em; text-indent: 0; font-weight: 680; }
.tests li.passed::before { content: "" / "passed:"; width: .3em; height: .6em; margin: 0 .9em .1em .3em; border: solid var(--tone); border-width: 0 2px 2px 0; transform: rotate(45deg); }
.tests li.failed::before, .tests li.timeout::before { content: "×" / ""; }
.tests li.warned::before, .tests li.lost::before { content: "!" / ""; }
.tests .under { color: var(--soft); font-size: .85rem; }
.test-file > .left { padding: 0 .9rem .7rem; }
.find { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline; margin-top: 1.25rem; }
.find label { display: flex; white-space: nowrap; align-items: baseline; max-width: 100%; }
.find input { min-width: 0; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: .4rem; padding: .3rem .6rem; width: min(24rem, 100%); margin-left: .4rem; }
.find output { color: var(--soft); font-size: .92rem; }
[hidden] { display: none !important; }

table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; font-size: .94rem; box-shadow: var(--shadow); }
table + table { margin-top: .8rem; }
caption.same { position: absolute; left: -100vw; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .35rem; }
th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--soft); overflow-wrap: normal; }
th, td { padding: .45rem .8rem; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: 400; font-size: .94rem; color: var(--text); overflow-wrap: anywhere; white-space: pre-line; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; }
thead .number { white-space: normal; }
td .under, th .under { display: block; color: var(--soft); font-size: .85rem; }
.filter { display: inline-flex; gap: .45em; align-items: center; font-size: .92rem; margin-bottom: .5rem; }
section:has(.filter input:checked) .fine { display: none; }
.left { color: var(--soft); font-size: .92rem; margin-top: .5rem; }
.quiet { margin: 3rem 0; text-align: center; color: var(--soft); }
footer { color: var(--soft); font-size: .85rem; margin: 3rem 0 2rem; border-top: 1px solid var(--line); padding-top: 1rem; }

@media (max-width: 40rem) {
  .wrap { padding: 0 .9rem; }
  .wide { display: none; }
  th, td { padding: .45rem .55rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: .5rem; }
  .entry > summary { grid-template-columns: minmax(0, 1fr) 1rem; }
  .entry > summary::after { grid-area: 1 / 2; }
  .entry h3, .entry .facts { grid-column: 1; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --sunken: #fff; --text: #000; --soft: #444; --line: #bbb; --shadow: none; }
  body { font-size: 10.5pt; }
  nav, .skip, .find, .filter, .entry > summary::after { display: none; }
  .entry, tr, .tile { break-inside: avoid; }
  h2 { break-after: avoid; }
  details:not(.test-file)::details-content { content-visibility: visible; block-size: auto; }
}
`
