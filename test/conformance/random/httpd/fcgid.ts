import fc from 'fast-check'
import type { Setup } from '../../cases.js'
import { requests } from './requests.js'
import { statements } from './statements.js'
import { files } from './words.js'

/** What every configuration begins with: folders of its own, and a site that mostly has programs. */
const head = [
  'FcgidIPCDir @ROOT@/run/fcgidsock',
  'FcgidProcessTableFile @ROOT@/run/fcgid_shm',
  // The name is that of a build.
  'ServerTokens Prod',
  'DocumentRoot @ROOT@/www'
]
const programs = '<Directory @ROOT@/www>\nOptions +ExecCGI\nAddHandler fcgid-script .fcgi\n</Directory>'

export const setups: fc.Arbitrary<Setup> = fc
  .tuple(fc.boolean(), statements, requests, fc.subarray([...files.keys()], { maxLength: 2 }))
  .map(([bare, own, asked, missing]) => ({
    server: 'mod_fcgid',
    files: new Map([...files].filter(([name]) => !missing.includes(name) || name === 'bin/checker')),
    config: `${[...head, ...(bare ? [] : [programs]), ...own].join('\n')}\n`,
    configs: new Map(),
    backends: new Map(),
    requests: asked
  }))
