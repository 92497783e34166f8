/** What the plugin, in Vitest's main process, tells the workers. */
export interface ProvidedSettings {
  /** Absolute path of the audit database that scenario runs are kept in. */
  readonly runsFile: string
  /** Secret values to hide in it and in messages. */
  readonly redact: readonly string[]
}

declare module 'vitest' {
  interface ProvidedContext {
    shakedown?: ProvidedSettings
  }
}
