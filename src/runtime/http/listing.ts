import { lstat, readdir, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { encodeBytes } from '../../diagnostics/index.js'
import type { Outcome } from '../../decide/types.js'
import type { Listing } from '../../model/index.js'
import type { HttpAnswer } from './answer.js'

type ListingOutcome = Extract<Outcome, { kind: 'listing' }>

interface Entry {
  /** One character a byte. */
  readonly name: string
  readonly kind: 'directory' | 'file' | 'other'
  readonly size: number
  readonly modified: Date
}

/** How the client reads the page: names are cut by characters in UTF-8, else by bytes. */
type Coding = 'utf-8' | 'bytes'

/**
 * A folder as nginx shows it (`ngx_http_autoindex_module`): folders first, each kind by the bytes of its names, without those
 * that begin with a dot.
 */
export async function listingAnswer(
  { folder, title, form, callback, status = 200 }: ListingOutcome,
  charset: string
): Promise<HttpAnswer | { readonly failed: number }> {
  const path = Buffer.from(encodeBytes(folder))
  let names: readonly Buffer[]
  try {
    names = await readdir(path, { encoding: 'buffer' })
  } catch (error) {
    return { failed: statusOf(error) }
  }
  const shown = names.map((name) => name.toString('latin1')).filter((name) => !name.startsWith('.'))
  const entries = (await Promise.all(shown.map((name) => entryOf(path, name)))).filter(
    (entry) => entry !== undefined
  )
  entries.sort(byKindAndName)
  const coding = charset.toLowerCase() === 'utf-8' ? 'utf-8' : 'bytes'
  const head = Buffer.from(encodeBytes(title)).toString('latin1')
  const text = textOf(form, { title: head, entries, coding, callback: callback ?? '' })
  return {
    status,
    headers: [['Content-Type', mediaTypes[form.form]]],
    // How long it is, is not told.
    body: { kind: 'stream', stream: Readable.from([Buffer.from(text, 'latin1')]) }
  }
}

const mediaTypes: Readonly<Record<Listing['form'], string>> = {
  html: 'text/html',
  xml: 'text/xml; charset=utf-8',
  json: 'application/json',
  jsonp: 'application/javascript'
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function statusOf(error: unknown): number {
  const code = codeOf(error)
  if (code === 'EACCES') return 403
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' ? 404 : 500
}

/** Undefined for what may not be looked at, or is gone by now. */
async function entryOf(folder: Buffer, name: string): Promise<Entry | undefined> {
  const path = Buffer.concat([folder, Buffer.from('/'), Buffer.from(name, 'latin1')])
  try {
    const found = await stat(path).catch((error: unknown) => {
      const code = codeOf(error)
      // A link that leads nowhere is shown as what it is.
      if (code === 'ENOENT' || code === 'ELOOP') return lstat(path)
      throw error
    })
    const kind = found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other'
    return { name, kind, size: found.size, modified: found.mtime }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EACCES' || code === 'ENOENT') return undefined
    throw error
  }
}

function byKindAndName(left: Entry, right: Entry): number {
  const isFolder = (entry: Entry): number => (entry.kind === 'directory' ? 0 : 1)
  if (isFolder(left) !== isFolder(right)) return isFolder(left) - isFolder(right)
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0
}

interface Shown {
  readonly title: string
  readonly entries: readonly Entry[]
  readonly coding: Coding
  readonly callback: string
}

function textOf(form: Listing, shown: Shown): string {
  switch (form.form) {
    case 'html':
      return page(form, shown)
    case 'xml':
      return `<?xml version="1.0"?>\r\n<list>\r\n${shown.entries.map(xmlLine).join('')}</list>\r\n`
    case 'json':
      return json(shown.entries)
    case 'jsonp':
      return `/* callback */\r\n${shown.callback}(${json(shown.entries)});`
  }
}

function page(form: Listing, { title, entries, coding }: Shown): string {
  const name = escapedHtml(title)
  const lines = entries.map((entry) => pageLine(entry, form, coding)).join('')
  return (
    `<html>\r\n<head><title>Index of ${name}</title></head>\r\n<body>\r\n<h1>Index of ${name}</h1>` +
    `<hr><pre><a href="../">../</a>\r\n${lines}</pre><hr></body>\r\n</html>\r\n`
  )
}

/** Characters that a name has room for. */
const nameWidth = 50
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function pageLine(entry: Entry, form: Listing, coding: Coding): string {
  const isFolder = entry.kind === 'directory'
  const letters = coding === 'utf-8' ? lettersOf(entry.name) : Array.from(entry.name)
  const isCut = letters.length > nameWidth
  const text = escapedHtml(letters.slice(0, isCut ? nameWidth - 3 : nameWidth).join(''))
  const slash = isFolder && letters.length < nameWidth ? '/' : ''
  const blanks = ' '.repeat(Math.max(0, nameWidth - letters.length - slash.length))
  const link = `<a href="${escapedUri(entry.name)}${isFolder ? '/' : ''}">${text}`
  return `${link}${isCut ? '..&gt;</a>' : `${slash}</a>${blanks}`} ${timeText(entry.modified, form)} ${sizeText(entry, form)}\r\n`
}

/** Each as the bytes it is written in; bytes that are no UTF-8 are letters of their own. */
function lettersOf(name: string): readonly string[] {
  const bytes = Buffer.from(name, 'latin1')
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) return Array.from(name)
  return Array.from(text, (letter) => Buffer.from(letter).toString('latin1'))
}

function timeText(time: Date, { times }: Listing): string {
  const [day, month, year, hour, minute] =
    times === 'local'
      ? [time.getDate(), time.getMonth(), time.getFullYear(), time.getHours(), time.getMinutes()]
      : [
          time.getUTCDate(),
          time.getUTCMonth(),
          time.getUTCFullYear(),
          time.getUTCHours(),
          time.getUTCMinutes()
        ]
  return `${twoDigits(day)}-${months[month] ?? ''}-${String(year)} ${twoDigits(hour)}:${twoDigits(minute)}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

function sizeText({ kind, size }: Entry, { sizes }: Listing): string {
  const isFolder = kind === 'directory'
  if (sizes === 'exact') return (isFolder ? '-' : String(size)).padStart(19)
  if (isFolder) return '-'.padStart(7)
  const [unit, letter] = units.find(([bytes]) => size >= bytes) ?? [1, '']
  // Four digits are told as they are.
  if (size <= 9999) return ` ${String(size).padStart(6)}`
  const whole = Math.floor(size / unit) + (size % unit > unit / 2 - 1 ? 1 : 0)
  return `${String(whole).padStart(6)}${letter}`
}

const units = [
  [1024 ** 3, 'G'],
  [1024 ** 2, 'M'],
  [1024, 'K']
] as const

function xmlLine({ name, kind, size, modified }: Entry): string {
  const time = `${modified.toISOString().slice(0, 19)}Z`
  const length = kind === 'file' ? ` size="${String(size)}"` : ''
  return `<${kind} mtime="${time}"${length}>${escapedHtml(name)}</${kind}>\r\n`
}

function json(entries: readonly Entry[]): string {
  const lines = entries.map(({ name, kind, size, modified }) => {
    const length = kind === 'file' ? `, "size":${String(size)}` : ''
    return `\r\n{ "name":"${escapedJson(name)}", "type":"${kind}", "mtime":"${modified.toUTCString()}"${length} }`
  })
  return `[${lines.join(',')}\r\n]`
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

function escapedHtml(text: string): string {
  return text.replace(/[<>&"]/g, (letter) => entities[letter] ?? letter)
}

/** All but what is never reserved (RFC 3986, section 2.3). */
function escapedUri(name: string): string {
  return name.replace(
    /[^A-Za-z0-9._~-]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  )
}

const jsonEscapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f'
}

function escapedJson(name: string): string {
  return name.replace(/["\\]|[^ -\uffff]/g, (letter) =>
    letter === '"' || letter === '\\'
      ? `\\${letter}`
      : (jsonEscapes[letter] ?? `\\u00${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  )
}
