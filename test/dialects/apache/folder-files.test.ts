import { describe, expect, test } from 'vitest'
import { apacheVocabulary, lookUp } from '../../../src/dialects/apache/vocabulary/index.js'
import { classesOf, overrideClasses } from '../../../src/dialects/apache/vocabulary/overrides.js'
import type { FolderReading, FolderRules } from '../../../src/model/index.js'
import { codes, read } from './memory.js'

const all: FolderRules = { classes: overrideClasses, passedOver: [], directives: [] }
const config = '<Directory /w>\nAllowOverride All\n</Directory>'

function readFile(text: string, rules: Partial<FolderRules> = {}, main = config): FolderReading {
  const { folderFile } = read(main)
  if (folderFile === undefined) throw new Error('the configuration lets no file say anything')
  return folderFile('/w/a/.htaccess', text, { ...all, ...rules }, undefined)
}

const why = (reading: FolderReading): string =>
  reading.kind === 'refused' ? reading.why : reading.diagnostics.map(({ message }) => message).join()

describe('what a .htaccess file may say', () => {
  test.each([
    ['SetEnv A b', ['FileInfo']],
    ['Require all granted', ['AuthConfig']],
    ['DirectoryIndex a', ['Indexes']],
    ['Options +ExecCGI', ['Options']],
    ['Order allow,deny', ['Limit']],
    ['<Limit GET>\nRequire all granted\n</Limit>', ['AuthConfig']],
    ['<Files a>\n</Files>', ['Limit']]
  ])('%s is allowed by the class %s, and by no other', (text, classes) => {
    expect(readFile(text, { classes }).kind).toBe('read')
    const others = text.startsWith('<Files')
      ? []
      : overrideClasses.filter(
          (one) => !classes.includes(one) && !(text.startsWith('<Limit') && one === 'Limit')
        )
    expect(why(readFile(text, { classes: others }))).toMatch(/is not allowed in this `.htaccess`/)
  })

  test('a directive is allowed by its name, options by theirs', () => {
    expect(readFile('SetEnv A b', { classes: [], directives: ['setenv'] }).kind).toBe('read')
    expect(readFile('Options +ExecCGI', { options: ['execcgi'] }).kind).toBe('read')
    expect(why(readFile('Options +Indexes', { options: ['execcgi'] }))).toMatch(/`\+Indexes` is not allowed/)
  })

  test.each([
    'DocumentRoot /',
    'Define A b',
    'Include a',
    'LoadModule a b',
    '<Directory />\n</Directory>',
    'NoSuch'
  ])('%s is never allowed, and passed over where that is tolerated', (text) => {
    expect(readFile(text).kind).toBe('refused')
    expect(readFile(text, { passedOver: ['not-allowed', 'unknown'] }).kind).toBe('read')
  })

  test('a line that is too long for httpd’s buffer is refused', () => {
    expect(why(readFile(`SetEnv A ${'b'.repeat(9000)}`))).toMatch(/too long/)
  })

  test('every directive that may stand there has a class, and every class has known directives', () => {
    const rows = [...apacheVocabulary].filter(
      ([name, { where, state }]) =>
        where.includes('htaccess') && state.kind !== 'outside' && !name.startsWith('-')
    )
    expect(rows.filter(([name]) => classesOf(name).length === 0).map(([name]) => name)).toEqual([])
    expect(rows.length).toBeGreaterThan(50)
  })

  test('what was defined around it is known in it', () => {
    const main = `Define V w\n<Macro M $x>\nSetEnv $x 1\n</Macro>\n${config}`
    const reading = readFile('SetEnv A ${V}\nUse M B', {}, main)
    const settings = reading.kind === 'read' ? reading.scope.settings : []
    expect(settings.map(({ key, value }) => [key, JSON.stringify(value)])).toEqual([
      ['environment', expect.stringContaining('"w"')],
      ['environment', expect.stringContaining('"B"')]
    ])
  })

  test('handlers bring their applications along', () => {
    const reading = readFile('SetHandler "proxy:unix:/s|fcgi://x"')
    expect(reading).toMatchObject({ kind: 'read', pools: [{ id: 'unix:/s' }] })
  })
})

describe('AllowOverride', () => {
  test.each(['Foo', 'FileInfo=a', 'Nonfatal=Some'])('%s is refused', (word) => {
    expect(codes(read(`<Directory /w>\nAllowOverride ${word}\n</Directory>`))).toEqual([
      'apache/bad-arguments'
    ])
  })

  test('a configuration where no file may say anything has no reader of them', () => {
    expect(read('<Directory />\nAllowOverride None\n</Directory>').folderFile).toBeUndefined()
    expect(lookUp('AllowOverride')?.row.state.kind).toBe('read')
  })
})
