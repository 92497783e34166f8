import path from 'node:path'

/** Turns the absolute paths that a test run is full of into paths relative to the project root. */
export interface ProjectPaths {
  /** A module id or file path as reports name it: relative, `/`-separated. What is no file path stays as it is. */
  relative(file: string): string
  /** The file that `relative` named so. */
  absolute(file: string): string
  /** True for the project's own sources: inside the root and not in `node_modules`. */
  isOwn(file: string): boolean
  /** The text with the root cut off every path in it. */
  inText(text: string): string
}

/** @param root the project root, absolute */
export function createProjectPaths(root: string): ProjectPaths {
  const base = slashes(path.resolve(root))
  // A project in the file system's root has nothing to cut off.
  const prefix = base.endsWith('/') ? base : `${base}/`
  const spellings = [`file://${prefix}`, prefix, prefix.replaceAll('/', '\\')]
  const withoutScheme = (file: string): string => slashes(file.replace(/^file:\/\/(?=\/)/, ''))

  return {
    relative(file) {
      const plain = withoutScheme(file)
      if (plain.startsWith(prefix)) return plain.slice(prefix.length)
      return path.isAbsolute(plain) ? slashes(path.relative(base, plain)) : plain
    },
    absolute: (file) => path.resolve(base, file),
    isOwn(file) {
      const plain = withoutScheme(file)
      const inside = path.isAbsolute(plain) ? plain.startsWith(prefix) : !/^[a-z]+:/.test(plain)
      return inside && !plain.includes('/node_modules/') && !plain.startsWith('node_modules/')
    },
    inText(text) {
      if (prefix === '/') return text
      return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, ''), text)
    },
  }
}

function slashes(file: string): string {
  return file.replaceAll('\\', '/')
}
