/*
 * What we use of zod, name by name. The build puts that into one file: zod itself comes in
 * ninety files, sixty of them translations, and loading those took 40 ms at each start, in each of three processes.
 *
 * Import it as a whole, and write as with zod: `import * as z from '…/base/zod.ts'`.
 */
export {
  array,
  boolean,
  custom,
  discriminatedUnion,
  enum,
  int,
  iso,
  literal,
  number,
  object,
  record,
  strictObject,
  string,
  stringbool,
  toJSONSchema,
  tuple,
  union,
  unknown,
} from 'zod'
export type {
  core,
  infer,
  output,
  ZodArray,
  ZodError,
  ZodNumber,
  ZodObject,
  ZodOptional,
  ZodRawShape,
  ZodReadonly,
  ZodRecord,
  ZodString,
  ZodType,
} from 'zod'
