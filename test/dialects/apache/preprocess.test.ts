import { describe, expect, test } from 'vitest'
import { codes, memory, read, type Files } from './memory.js'
import { readApache } from '../../../src/dialects/apache/read.js'
import { literalText, type Site } from '../../../src/model/index.js'

/** Variables set at server level, as the sign of which lines were read. */
function environment(site: Site): string {
  return site.root.settings
    .flatMap((setting) => (setting.key === 'environment' ? setting.value : []))
    .map(({ name, value }) => `${name}=${literalText(value) ?? ''}`)
    .join(' ')
}

const environmentOf = (text: string, files: Files = {}): string => environment(read(text, files).site)

describe('variables', () => {
  test.each([
    ['a defined name', 'Define X 1\nSetEnv A ${X}', 'A=1'],
    ['splits into words after replacement', 'Define X "A 1"\nSetEnv ${X}', 'A=1'],
    ['an unknown one stays', 'SetEnv A ${NOT}', 'A=${NOT}'],
    ['a value is not replaced again', 'Define Y 2\nDefine X ${NOT}\nSetEnv A ${X}', 'A=${NOT}'],
    ['in quotes', 'Define X 1\nSetEnv A "x${X} y"', 'A=x1 y']
  ])('%s', (_, text, expected) => {
    expect(environmentOf(text)).toBe(expected)
  })

  test('an unknown one is said', () => {
    expect(codes(read('SetEnv A ${NOT}'))).toEqual(['apache/undefined-variable'])
  })

  test('an unknown one is said once, and none that the start script sets', () => {
    const text = 'SetEnv A ${NOT}\nSetEnv B ${NOT}\nErrorLog ${APACHE_LOG_DIR}/error.log'
    expect(codes(read(text))).toEqual(['apache/undefined-variable'])
  })

  test('the environment of the server is looked at last', () => {
    const io = memory({ '/x.conf': 'SetEnv A ${LANG}' }, { LANG: 'C' })
    expect(environment(readApache('/x.conf', io, { name: 'apache' }).site)).toBe('A=C')
  })
})

describe('conditions at read time', () => {
  const whole = 'ServerRoot /etc/httpd\nLoadModule fastcgi_module m/mod_fastcgi.so\n'
  test.each([
    ['a module that is loaded', '<IfModule mod_fastcgi.c>\nSetEnv A 1\n</IfModule>', 'A=1'],
    ['by its identifier', '<IfModule fastcgi_module>\nSetEnv A 1\n</IfModule>', 'A=1'],
    ['in another case', '<IfModule MOD_FASTCGI.C>\nSetEnv A 1\n</IfModule>', ''],
    ['a module that is not loaded', '<IfModule mod_fcgid.c>\nSetEnv A 1\n</IfModule>', ''],
    ['turned round', '<IfModule !mod_fcgid.c>\nSetEnv A 1\n</IfModule>', 'A=1'],
    ['loaded only below', '<IfModule mod_x.c>\nSetEnv A 1\n</IfModule>\nLoadModule x_module m/mod_x.so', ''],
    ['a name that is defined', 'Define N\n<IfDefine N>\nSetEnv A 1\n</IfDefine>', 'A=1'],
    ['a name no longer defined', 'Define N\nUnDefine N\n<IfDefine N>\nSetEnv A 1\n</IfDefine>', ''],
    ['a version', '<IfVersion >= 2.4>\nSetEnv A 1\n</IfVersion>', 'A=1'],
    ['an older version', '<IfVersion < 2.4>\nSetEnv A 1\n</IfVersion>', ''],
    ['a version of three numbers', '<IfVersion 2.4>\nSetEnv A 1\n</IfVersion>', '']
  ])('%s', (_, text, expected) => {
    expect(environmentOf(whole + text)).toBe(expected)
  })

  test('a fragment is read as if every known module were loaded', () => {
    expect(environmentOf('<IfModule mod_fcgid.c>\nSetEnv A 1\n</IfModule>')).toBe('A=1')
    expect(environmentOf('<IfModule mod_nobody_knows.c>\nSetEnv A 1\n</IfModule>')).toBe('')
  })

  test('what is passed over is accounted for', () => {
    const { site } = read(`${whole}<IfModule mod_fcgid.c>\nSetEnv A 1\n</IfModule>`)
    expect(site.directives.map(({ name, state }) => `${name} ${state.kind}`).slice(2)).toEqual([
      'IfModule structure',
      'SetEnv ignored'
    ])
  })
})

describe('included files', () => {
  test.each([
    ['in the order of their names', 'Include c/*.conf', 'B=1 A=1'],
    ['all of a directory', 'Include c', 'B=1 A=1 C=1'],
    ['inside a section that holds', '<IfDefine !N>\nInclude c/20.conf\n</IfDefine>', 'A=1']
  ])('%s', (_, text, expected) => {
    const files = {
      '/etc/httpd/c/10.conf': 'SetEnv B 1',
      '/etc/httpd/c/20.conf': 'SetEnv A 1',
      '/etc/httpd/c/30.txt': 'SetEnv C 1'
    }
    expect(environmentOf(text, files)).toBe(expected)
  })

  test('a circle is said once and read once', () => {
    const result = read('SetEnv A 1\nInclude httpd.conf')
    expect(codes(result)).toEqual(['include/circular'])
    expect(environment(result.site)).toBe('A=1')
  })

  test('each file knows who included it', () => {
    const { site } = read('Include a.conf', { '/etc/httpd/a.conf': 'SetEnv A 1' })
    expect(site.sources.map(({ file, includedFrom }) => [file, includedFrom?.file])).toEqual([
      ['/etc/httpd/httpd.conf', undefined],
      ['/etc/httpd/a.conf', '/etc/httpd/httpd.conf']
    ])
  })
})

describe('macros', () => {
  test('parameters are replaced as text, in section heads too', () => {
    const text =
      '<Macro M $n>\n<VirtualHost *:80>\nServerName $n.test\n</VirtualHost>\n</Macro>\nUse M one\nUse M two'
    const hosts = read(text).site.root.children[0]?.children ?? []
    expect(hosts.map(({ host }) => host?.names.map((name) => ('value' in name ? name.value : '')))).toEqual([
      ['one.test'],
      ['two.test']
    ])
  })

  test('their lines are accounted for once', () => {
    const { site } = read('<Macro M $n>\nSetEnv A $n\n</Macro>\nUse M 1\nUse M 2')
    expect(site.directives.map(({ name, state }) => `${name} ${state.kind}`)).toEqual([
      'Macro structure',
      'SetEnv read',
      'Use structure',
      'Use structure'
    ])
  })

  test('a wrong number of arguments is refused', () => {
    expect(codes(read('<Macro M $n>\n</Macro>\nUse M'))).toEqual(['apache/macro-arguments'])
  })

  test('one that uses itself is refused', () => {
    expect(codes(read('<Macro M>\nUse M\n</Macro>\nUse M'))).toEqual(['apache/too-deep'])
  })
})
