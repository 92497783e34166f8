import { openSqliteAudit } from '../../../../src/audit/sqlite/sqlite-audit.ts'
import { systemWorld } from '../../../../src/world/system-world.ts'
import { storeContract } from '../store-contract.ts'
import { temporaryFile } from '../temporary-file.ts'

storeContract((options) => openSqliteAudit(temporaryFile(), { clock: systemWorld().clock, ...options }))
