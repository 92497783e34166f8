import { cpSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { packedPackage, repository } from './staged-package.ts'

// Puts the packed package into `dist/`, for the tools that check it: `npm run package:check`.

const { staged, tarball } = await packedPackage()
const dist = path.join(repository, 'dist')
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
cpSync(path.join(staged, 'dist'), dist, { recursive: true })
cpSync(tarball, path.join(dist, path.basename(tarball)))
