import { clients } from '../libraries/subjects/clients.ts'
import { keptThings } from '../libraries/subjects/kept.ts'
import { policies } from '../libraries/subjects/policies.ts'
import { sdks } from '../libraries/subjects/sdks.ts'
import { acceptWebSockets, sockets } from '../libraries/subjects/sockets.ts'
import { habits } from './habits.ts'
import { platform } from './platform.ts'
import { realWork } from './real-work.ts'
import { startServers } from '../libraries/servers.ts'
import type { SilentSubject } from '../libraries/subject.ts'

/** Libraries at their newest, used as their documentation says. */
export const libraries: readonly SilentSubject[] = [
  ...policies,
  ...keptThings,
  ...clients,
  ...sdks,
  ...sockets,
]

/** What correct programs do without a library. */
export const handWritten: readonly SilentSubject[] = [...habits, ...platform, ...realWork]

/** Starts what the subjects talk to. Returns what stops it. */
export async function startOtherSides(): Promise<() => void> {
  const stop = await startServers()
  acceptWebSockets()
  return stop
}
