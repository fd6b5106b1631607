import { describe, expect, test } from 'vitest'
import type { FileView } from '../../src/decide/index.js'
import { always, type FolderReading, type FolderRules } from '../../src/model/index.js'
import { folderFiles } from '../../src/runtime/folder-files.js'

const rules: FolderRules = { classes: ['FileInfo'], passedOver: [], directives: [] }

function setUp(texts: Map<string, string>): {
  readonly look: ReturnType<typeof folderFiles>
  readonly reads: string[]
  readonly told: string[]
} {
  const reads: string[] = []
  const told: string[] = []
  const files: FileView = {
    kind: (path) => (texts.has(path) ? 'file' : 'missing'),
    isExecutable: () => false,
    isLink: () => false,
    size: (path) => texts.get(path)?.length,
    realPath: (path) => path,
    readText: (path) => texts.get(path)
  }
  const read = (file: string, text: string): FolderReading => {
    reads.push(text)
    if (text === 'bad') return { kind: 'refused', why: `${file} is bad`, origin: { file, start: 0, end: 1 } }
    const scope = {
      name: file,
      when: always,
      choose: { kind: 'all' },
      settings: [],
      children: [],
      rank: 0
    } as const
    return { kind: 'read', scope, pools: [], diagnostics: [] }
  }
  return { look: folderFiles(read, files, ({ message }) => told.push(message)), reads, told }
}

describe('files with settings in folders', () => {
  test('are understood once, and anew where their text or what they may say has changed', () => {
    const texts = new Map([['/a/f', 'one']])
    const { look, reads } = setUp(texts)
    const first = look('/a/f', rules, undefined)
    expect(look('/a/f', rules, undefined)).toBe(first)
    expect(look('/a/f', { ...rules, classes: [] }, undefined)).not.toBe(first)
    texts.set('/a/f', 'two')
    look('/a/f', rules, undefined)
    expect(reads).toEqual(['one', 'one', 'two'])
  })

  test('that are wrong are told of once, and those that are gone not at all', () => {
    const { look, told } = setUp(new Map([['/a/f', 'bad']]))
    expect(look('/a/f', rules, undefined)?.kind).toBe('refused')
    look('/a/f', rules, undefined)
    expect(look('/b/f', rules, undefined)).toBeUndefined()
    expect(told).toEqual(['/a/f is bad'])
  })
})
