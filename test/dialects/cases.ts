import { literal } from '../../src/model/index.js'
import type { Plan } from '../../src/model/index.js'
import {
  afterPrefix,
  at,
  atFile,
  binding,
  host,
  member,
  param,
  plan,
  pool,
  processPlan,
  setting,
  target,
  usualParams
} from './plans.js'

const params = setting('params', { entries: usualParams })
const root = (path: string, origin = 2): ReturnType<typeof setting<'root'>> =>
  setting('root', { kind: 'root', path: literal(path) }, origin)
const index = setting('index', { names: [literal('index.php'), literal('index.html')], how: 'append' }, 3)
const php = binding({ kind: 'suffix', value: '.php' }, target('php'))
const phpPool = pool('php', [member('/run/php.sock')])

/** Plans that each writer must be able to write; the same ones for every target. */
export const writeCases: Readonly<Record<string, Plan>> = {
  'a script by its suffix, run where the file exists': plan(
    [phpPool],
    [host({ root: root('/var/www'), index, params, bindings: setting('bindings', [php], 4) })]
  ),

  'an application at a prefix, its processes started by the server': plan(
    [pool('app', [member('/run/app.sock', { process: processPlan })])],
    [
      host({
        root: root('/var/www'),
        params,
        bindings: setting(
          'bindings',
          [
            binding(
              { kind: 'prefix', value: '/app', segments: false },
              target('app', { script: afterPrefix, mustExist: false })
            )
          ],
          4
        )
      })
    ]
  ),

  'two virtual hosts with roots, aliases and several members': plan(
    [
      phpPool,
      pool('app', [
        member('', { address: { kind: 'tcp', host: '127.0.0.1', port: 9001 }, origin: at(22) }),
        member('', { address: { kind: 'tcp', host: '127.0.0.1', port: 9002 }, origin: at(23) })
      ])
    ],
    [
      host(
        {
          root: root('/srv/a b', 5),
          index,
          params,
          aliases: setting(
            'aliases',
            [
              {
                match: { kind: 'prefix', value: '/files/', segments: false },
                to: literal('/srv/files/'),
                documentRoot: 'target',
                origin: at(6)
              },
              {
                match: { kind: 'prefix', value: '/doc', segments: false },
                to: literal('/usr/share/doc'),
                documentRoot: 'target',
                origin: at(7)
              }
            ],
            8
          ),
          bindings: setting(
            'bindings',
            [binding({ kind: 'suffix', value: '.fcgi' }, target('app'), { origin: at(31) })],
            4
          )
        },
        {
          names: [
            { kind: 'exact', value: 'a.example', origin: at(9) },
            { kind: 'leading-wildcard', value: '*.a.example', bare: false, origin: at(10) }
          ],
          isDefault: false,
          origin: at(11)
        }
      ),
      host({ root: root('/var/www'), index, params, bindings: setting('bindings', [php], 4) })
    ]
  ),

  'an authorizer before a folder, and its own root': plan(
    [phpPool, pool('auth', [member('', { address: { kind: 'tcp', host: '127.0.0.1', port: 9010 } })])],
    [
      host({
        root: root('/var/www'),
        index,
        params,
        bindings: setting(
          'bindings',
          [
            binding(
              { kind: 'prefix', value: '/private/', segments: false },
              target('auth', { role: 'authorizer', mustExist: false }),
              { origin: at(32) }
            ),
            php
          ],
          4
        )
      })
    ]
  ),

  'an authorizer on a unix socket': plan(
    [phpPool, pool('auth', [member('/run/auth.sock')])],
    [
      host({
        root: root('/var/www'),
        params,
        bindings: setting(
          'bindings',
          [
            binding(
              { kind: 'prefix', value: '/private/', segments: false },
              target('auth', { role: 'authorizer', mustExist: false }),
              { origin: at(32) }
            ),
            php
          ],
          4
        )
      })
    ]
  ),

  'locations by precedence, with a front controller': plan(
    [phpPool],
    [
      host(
        {
          root: root('/var/www'),
          params: setting('params', {
            entries: [
              param('SCRIPT_FILENAME', [...variables('document-root', 'script.name')]),
              param('QUERY_STRING', 'query'),
              param('REQUEST_METHOD', 'request.method'),
              param('DOCUMENT_URI', 'path'),
              param('APP_ENV', literal('prod uction'), { origin: at(40) })
            ]
          })
        },
        {
          rules: [
            {
              kind: 'location',
              name: 'location /',
              match: { kind: 'prefix', value: '/', noRegex: false },
              settings: {
                tryFiles: setting(
                  'tryFiles',
                  {
                    candidates: [
                      { path: variables('path'), what: 'file' },
                      { path: [...variables('path'), { kind: 'text', text: '/' }], what: 'directory' }
                    ],
                    last: { kind: 'uri', to: [{ kind: 'text', text: '/index.php?' }, ...variables('query')] }
                  },
                  41
                )
              },
              rules: [],
              origin: at(42)
            },
            {
              kind: 'location',
              name: 'location ~ \\.php$',
              match: { kind: 'regex', regex: { source: '\\.php$', ignoreCase: false } },
              settings: {
                bindings: setting('bindings', [
                  binding(
                    { kind: 'any' },
                    target('php', {
                      script: { ...atFile, split: { kind: 'whole' }, root: { kind: 'document-root' } },
                      mustExist: false
                    }),
                    { at: ['content'], origin: at(43) }
                  )
                ])
              },
              rules: [],
              origin: at(44)
            },
            {
              kind: 'location',
              name: 'location ^~ /static/',
              match: { kind: 'prefix', value: '/static/', noRegex: true },
              settings: { root: root('/srv/assets', 45) },
              rules: [],
              origin: at(46)
            },
            {
              kind: 'location',
              name: 'location = /ping',
              match: { kind: 'exact', value: '/ping' },
              settings: {
                bindings: setting('bindings', [
                  binding(
                    { kind: 'any' },
                    target('php', {
                      script: {
                        ...atFile,
                        split: { kind: 'whole' },
                        root: { kind: 'template', template: literal('/srv/ping/') },
                        documentRootFollows: true
                      },
                      mustExist: false
                    }),
                    { at: ['content'], origin: at(47) }
                  )
                ])
              },
              rules: [],
              origin: at(48)
            }
          ]
        }
      )
    ]
  ),

  'conditions on the URL and on other things, later ones stronger': plan(
    [phpPool, pool('app', [member('/run/app.sock')])],
    [
      host(
        { root: root('/var/www'), index, params, bindings: setting('bindings', [php], 4) },
        {
          rules: [
            {
              kind: 'condition',
              name: '$HTTP["url"] =^ "/uploads/"',
              when: {
                kind: 'test',
                subject: { of: 'path' },
                test: { kind: 'prefix', value: '/uploads/', segments: false }
              },
              settings: { bindings: setting('bindings', [], 51) },
              rules: [],
              origin: at(50)
            },
            {
              kind: 'condition',
              name: '$HTTP["remoteip"] == "10.0.0.0/8"',
              when: {
                kind: 'test',
                subject: { of: 'remote-address' },
                test: { kind: 'address', network: '10.0.0.0/8' }
              },
              settings: {
                index: setting('index', { names: [literal('inside.html')], how: 'append' }, 53),
                bindings: setting(
                  'bindings',
                  [
                    binding(
                      { kind: 'prefix', value: '/inner', segments: false },
                      target('app', { mustExist: false, script: afterPrefix }),
                      { origin: at(54) }
                    )
                  ],
                  55
                )
              },
              rules: [],
              origin: at(52)
            }
          ]
        }
      )
    ]
  )
}

function variables(
  ...names: readonly Extract<ReturnType<typeof literal>[number], { kind: 'variable' }>['name'][]
): Extract<ReturnType<typeof literal>[number], { kind: 'variable' }>[] {
  return names.map((name) => ({ kind: 'variable', name }))
}
