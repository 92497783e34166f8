/*
 * The page's templates. They are text in a module, not files beside it, so that they are there wherever the module
 * is: in this tree, in a build that only copies what the compiler writes, in a bundle.
 *
 * Handlebars escapes everything in double braces. Triple braces do not occur; a test holds that.
 */

/** Shapes, so that nothing is told by colour alone. */
const ICONS = `<svg width="0" height="0" aria-hidden="true" class="skip"><defs>
<symbol id="i-passed" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M5 8.3l2.1 2.1L11.2 6"/></symbol>
<symbol id="i-failed" viewBox="0 0 16 16"><path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/><path d="M5.7 5.7l4.6 4.6m0-4.6l-4.6 4.6"/></symbol>
<symbol id="i-timeout" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M8 4v4.2l2.7 1.6"/></symbol>
<symbol id="i-lost" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" stroke-dasharray="3.1 2.4"/><path d="M6.2 6.3a1.8 1.8 0 1 1 2.6 1.7c-.5.3-.8.6-.8 1.1m0 2.2v.1"/></symbol>
<symbol id="i-warned" viewBox="0 0 16 16"><path d="M8 1.6L15 14H1z"/><path d="M8 6.2v3.6m0 2v.1"/></symbol>
<symbol id="i-note" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M5 8h6"/></symbol>
</defs></svg>`

export const PAGE_TEMPLATE: string = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="shakedown">
<title>{{page.title}}</title>
<link rel="icon" href="data:,">
<style>{{styles}}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the results</a>
${ICONS}
{{#with page}}
<header class="{{tone}}"><div class="wrap">
<h1><svg class="icon" aria-hidden="true"><use href="#i-{{tone}}"/></svg><span>{{headline}}</span></h1>
<ul class="facts"><li><time datetime="{{startedAt}}">{{startedAtText}}</time></li>{{#each facts}}<li>{{this}}</li>{{/each}}</ul>
{{#if bar.length}}
<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">{{#each bar}}<rect class="{{tone}}" x="{{x}}" width="{{width}}" height="4"/>{{/each}}</svg>
<ul class="legend" aria-label="Tests">{{#each bar}}<li class="{{tone}}"><svg class="icon" aria-hidden="true"><use href="#i-{{tone}}"/></svg>{{label}}</li>{{/each}}</ul>
{{/if}}
</div></header>
<div class="wrap">
<section class="overview" aria-label="Totals"><dl class="tiles">{{#each tiles}}
<div class="tile {{tone}}"><dt>{{label}}</dt><dd>{{value}}</dd><dd class="under">{{detail}}</dd></div>{{/each}}
</dl></section>
<nav aria-label="Sections"><ul>{{#each sections}}<li><a href="#{{id}}">{{title}}</a> <span class="count">{{count}}</span></li>{{/each}}</ul></nav>
<div class="find" role="search" hidden><label>Filter by name <input type="search" autocomplete="off" spellcheck="false"></label> <output></output></div>
<main id="content">
{{#each sections}}{{> section}}{{/each}}
{{#if quiet}}<p class="quiet">{{quiet}}</p>{{/if}}
</main>
<footer>shakedown · run <span class="mono">{{runId}}</span></footer>
</div>
{{/with}}
<script>{{script}}</script>
</body>
</html>
`

export const SECTION_TEMPLATE: string = `
<section id="{{id}}" aria-labelledby="{{id}}-title">
<h2 id="{{id}}-title">{{title}} <span class="count">{{count}}</span></h2>
{{#each entries}}{{> entry}}{{/each}}
{{#each tables}}{{> table}}{{/each}}
{{#if filesFilterable}}<label class="filter"><input type="checkbox"> Only with problems</label>{{/if}}
{{#each files}}{{> file}}{{/each}}
{{#if left}}<p class="left">{{left}}</p>{{/if}}
</section>
`

export const FILE_TEMPLATE: string = `
<details class="test-file{{#if fine}} fine{{/if}}">
<summary><span class="badge {{tone}}"><svg class="icon" aria-hidden="true"><use href="#i-{{tone}}"/></svg>{{badge}}</span>
<span class="file-name">{{file}}</span>
<ul class="facts">{{#each facts}}<li>{{this}}</li>{{/each}}</ul></summary>
{{#if tests.length}}<ol class="tests">{{#each tests}}<li class="{{tone}}">{{name}}{{#if facts}} <span class="under">{{facts}}</span>{{/if}}</li>
{{/each}}</ol>{{/if}}{{#if left}}<p class="left">{{left}}</p>{{/if}}
</details>
`

export const ENTRY_TEMPLATE: string = `
<details class="entry {{tone}}"{{#if open}} open{{/if}}>
<summary><span class="badge"><svg class="icon" aria-hidden="true"><use href="#i-{{tone}}"/></svg>{{badge}}</span>
<h3><span class="file">{{file}}</span>{{#if test}} <span class="test">{{test}}</span>{{/if}}</h3>
<ul class="facts">{{#each facts}}<li>{{this}}</li>{{/each}}{{#if place}}<li class="mono">{{place}}</li>{{/if}}</ul></summary>
<div class="body">{{#each errors}}{{> error}}{{/each}}{{#if next}}<p class="cause">Next: <span class="mono">{{next}}</span></p>{{/if}}</div>
</details>
`

export const ERROR_TEMPLATE: string = `
{{#if message}}<pre class="message">{{#if name}}<b>{{name}}:</b> {{/if}}{{message}}</pre>{{/if}}
{{#each checks}}<div class="check">{{#if expected}}<dl><div><dt>Expected</dt><dd class="mono removed">{{expected}}</dd></div><div><dt>Received</dt><dd class="mono added">{{received}}</dd></div></dl>{{/if}}{{#if text}}<p>{{text}}</p>{{/if}}{{#if place}}<p class="cause">at <span class="mono">{{place}}</span></p>{{/if}}</div>{{/each}}
{{#if diff.length}}<pre class="diff">{{#each diff}}<span class="{{sign}}">{{text}}</span>{{/each}}</pre>{{/if}}
{{#if place}}<p class="cause">at <span class="mono">{{place}}</span></p>{{/if}}
{{#if codeFrame}}<pre class="frame">{{codeFrame}}</pre>{{/if}}
{{#each causes}}<p class="cause">caused by <span class="mono">{{text}}</span>{{#if place}} at <span class="mono">{{place}}</span>{{/if}}</p>{{#if codeFrame}}<pre class="frame">{{codeFrame}}</pre>{{/if}}{{/each}}
{{#if stack}}<details class="more"><summary>Stack</summary><pre>{{stack}}</pre></details>{{/if}}
`

export const TABLE_TEMPLATE: string = `
{{#if filterable}}<label class="filter"><input type="checkbox"> Only with problems</label>{{/if}}
<table><caption{{#if captionRepeats}} class="same"{{/if}}>{{caption}}</caption>
<thead><tr>{{#each columns}}<th scope="col" class="{{shape}}">{{label}}</th>{{/each}}</tr></thead>
<tbody>{{#each rows}}
<tr{{#if fine}} class="fine"{{/if}}>{{#each cells}}{{#if @first}}<th scope="row">{{text}}{{#if under}}<span class="under">{{under}}</span>{{/if}}</th>{{else}}<td class="{{shape}}">{{#each badges}}<span class="badge {{tone}}"><svg class="icon" aria-hidden="true"><use href="#i-{{tone}}"/></svg>{{word}}</span>{{/each}}{{text}}</td>{{/if}}{{/each}}</tr>{{/each}}
</tbody></table>
`
