import type { DialectName } from '../../dialects/dialect.js'

export const nginx: readonly DialectName[] = ['nginx']
