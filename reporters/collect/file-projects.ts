import type { InFile, JournalEvent } from '../journal/events.ts'

/** Tells which project of a workspace a file belongs to, for events that know only its path. */
export class FileProjects {
  readonly #known = new Map<string, Set<string>>()
  readonly #running = new Map<string, Set<string>>()

  /** A file that is to run. */
  add({ file, project }: InFile): void {
    if (project !== undefined) put(this.#known, file, project)
  }

  started({ file, project }: InFile): void {
    if (project === undefined) return
    put(this.#known, file, project)
    put(this.#running, file, project)
  }

  finished({ file, project }: InFile): void {
    if (project !== undefined) this.#running.get(file)?.delete(project)
  }

  /** The event with its project; as it is when it has one, needs none, or several projects run the file right now. */
  complete(event: JournalEvent): JournalEvent {
    if (this.#known.size === 0 || !('file' in event)) return event
    if (event.file === null || event.project !== undefined) return event
    const project = only(this.#known.get(event.file)) ?? only(this.#running.get(event.file))
    return project === undefined ? event : { ...event, project }
  }
}

function put(map: Map<string, Set<string>>, file: string, project: string): void {
  const projects = map.get(file)
  if (projects) projects.add(project)
  else map.set(file, new Set([project]))
}

function only(projects: ReadonlySet<string> | undefined): string | undefined {
  return projects?.size === 1 ? [...projects][0] : undefined
}
