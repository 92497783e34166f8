/*
 * What we use of the YAML library. The build makes one file of this module and what it leads to, as of zod.ts: the
 * library comes in seventy files.
 */
export { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
export type { Node, Scalar } from 'yaml'
