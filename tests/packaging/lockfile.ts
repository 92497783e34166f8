/** The parts of package-lock.json that the check reads. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

interface LockedPackage {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Binaries for other platforms that the lock file does not know. npm drops them when a lock file is made where they could
 * not be found, and then `npm ci` refuses the lock file, or installs a tool without its binary on somebody else's machine.
 */
export function missingBinaries({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !foldersSearched(folder).some((parent) => packages[`${parent}${name}`]?.version))
      .map((name) => `${folder.replace(/^.*node_modules\//, '')} needs ${name}`),
  )
}

/** Where Node looks for a module imported in `folder`, as prefixes of lock file keys, innermost first. */
function foldersSearched(folder: string): string[] {
  const outwards = [...folder.matchAll(/node_modules\//g)].map(
    ({ index }) => `${folder.slice(0, index)}node_modules/`,
  )
  return [`${folder}/node_modules/`, ...outwards.toReversed(), 'node_modules/']
}
