/** Plain JSON data, the only kind of value a scenario file or fault argument can hold. */
export type StoredJson =
  | null
  | boolean
  | number
  | string
  | readonly StoredJson[]
  | { readonly [key: string]: StoredJson }
