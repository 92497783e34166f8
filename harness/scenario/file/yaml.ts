/* What we use of the YAML library, which comes in seventy files: the build bundles it. */
export { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
export type { Node, Scalar } from 'yaml'
