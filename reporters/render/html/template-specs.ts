import { runInThisContext } from 'node:vm'
import type HandlebarsModule from 'handlebars'
import { precompileTemplates } from './precompile.ts'
import type { TemplateName } from './precompile.ts'

/** What Handlebars makes of a template, for its runtime. */
type TemplateSpec = Parameters<typeof HandlebarsModule.template>[0]

/**
 * The templates as Handlebars compiles them. As source, they are compiled here. The build puts a module in the place of
 * this one that has them compiled, see `rolldown.config.ts`: a run needs neither the compiler nor the time it takes.
 */
export const TEMPLATE_SPECS: Readonly<Record<TemplateName, TemplateSpec>> = runInThisContext(
  `(${precompileTemplates()})`,
)
