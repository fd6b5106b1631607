import { describe, expect, test } from 'vitest'
import { apacheVocabulary, lookUp, lookUpOption } from '../../../src/dialects/apache/vocabulary/index.js'

describe('the table of httpd directives', () => {
  test('names differ in more than case, since httpd does not look at it', () => {
    const names = [...apacheVocabulary.keys()].map((name) => name.toLowerCase())
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('every option stands in directives that are known', () => {
    const containers = [...apacheVocabulary]
      .filter(([name]) => name.startsWith('-') || name.endsWith('='))
      .flatMap(([, row]) => row.where)
    // A worker's parameters stand behind the URL of an application or of a balancer.
    const urls = ['application', 'balancer']
    expect(containers.filter((name) => lookUp(name) === undefined && !urls.includes(name))).toEqual([])
  })

  test.each([
    ['fastcgiserver', 'FastCgiServer'],
    ['PHP_Fix_Pathinfo_Enable', 'PHP_Fix_Pathinfo_Enable'],
    ['-IDLE-timeout', '-idle-timeout'],
    ['EnableReuse=', 'enablereuse='],
    ['SSLEngine', 'SSLEngine'],
    ['FastCgiServr', undefined]
  ])('%s is found as %s', (asked, name) => {
    expect(lookUp(asked)?.name).toBe(name)
  })

  test.each([
    ['FastCgiConfig', '-priority', false],
    ['FastCgiServer', '-priority', true],
    ['FastCgiExternalServer', '-port', false],
    ['FastCgiServer', '-host', false]
  ])('whether %s takes %s: %s', (directive, option, takes) => {
    expect(lookUpOption(directive, option) !== undefined).toBe(takes)
  })
})
