import { isOwnFile } from '../../settings/own-package.ts'

/** In the id of a module: which incarnation of the subject it belongs to. */
export const LIFE = 'shakedown-life'

const IN_ID = new RegExp(`[?&]${LIFE}=(\\d+)`)

/** The incarnation that a module belongs to; `undefined` for what there is once. */
export function lifeOf(id: string | undefined): string | undefined {
  return id === undefined ? undefined : IN_ID.exec(id)?.[1]
}

/** The id of a module without it. */
export function withoutLife(id: string): string {
  return id.replace(IN_ID, '')
}

/**
 * The id of a module that one of an incarnation imports: it is of the same, because a process that died takes all it
 * remembers with it. What comes from packages stays: it is loaded once, by Node; and so does this package, which runs it.
 */
export function idInLife(id: string, life: string): string {
  if (id.startsWith('\0') || !/^(?:\/|[A-Za-z]:)/.test(id) || id.includes('/node_modules/') || isOwnFile(id))
    return id
  return `${id}${id.includes('?') ? '&' : '?'}${LIFE}=${life}`
}
