/*
 * What we use of the YAML library. The build makes one file of it, as of zod: the
 * library comes in seventy files.
 */
export { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
export type { Node, Scalar } from 'yaml'
