import packageJson from '../../package.json' with { type: 'json' }

export const tool = { name: 'fcgi-conf', version: packageJson.version } as const
