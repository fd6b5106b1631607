import { literal, type Setting } from '../../../model/index.js'
import { otherSchemes } from './proxy.js'
import { errorDocument } from './error-documents.js'
import { setting, type Place } from './place.js'
import type { Line } from './line.js'
import { notReadYet, type Handler, type Reader, type Said } from './reader.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''
const isOn = (text: string): boolean => text.toLowerCase() === 'on'

/** Handlers, options, access and the environment of requests. */
export const labellingHandlers: readonly (readonly [string, Handler])[] = [
  [
    'SetHandler',
    (line, place, reader) => {
      const label = value(line)
      if (label.toLowerCase() === 'none') return push(place, setting('label', null, line.span))
      reader.useLabel(label, line.span, place.server)
      push(place, setting('label', label, line.span))
      return otherSchemes.test(label) ? notReadYet : undefined
    }
  ],
  ['AddHandler', (line, place, reader) => labels(line, place, reader, 'handler', value(line).toLowerCase())],
  ['AddType', (line, place, reader) => labels(line, place, reader, 'media-type', value(line))],
  ['RemoveHandler', (line, place) => noLabels(line, place, 'handler')],
  ['RemoveType', (line, place) => noLabels(line, place, 'media-type')],
  [
    'Action',
    (line, place) => {
      const virtual = value(line, 2).toLowerCase() === 'virtual'
      const label = value(line)
      const action = {
        label: label.includes('/') ? label : label.toLowerCase(),
        to: value(line, 1),
        virtual,
        origin: line.span
      }
      return push(place, setting('actions', [action], line.span))
    }
  ],
  ['Options', options],
  [
    'ServerSignature',
    (line, place) => {
      const said = value(line).toLowerCase()
      const signature = said === 'email' ? 'name-and-admin' : said === 'on' ? 'name' : 'none'
      return push(place, setting('signature', signature, line.span))
    }
  ],
  [
    'CGIPassAuth',
    (line, place) =>
      push(
        place,
        setting('passedHeaders', isOn(value(line)) ? ['authorization', 'proxy-authorization'] : [], line.span)
      )
  ],
  [
    'CGIVar',
    (line, place) => {
      const told = value(line, 1).toLowerCase() === 'current-uri' ? 'current-path' : 'received'
      return push(place, setting('requestUriTold', told, line.span))
    }
  ],
  [
    'QualifyRedirectURL',
    (line, place) => push(place, setting('redirectUrlTold', isOn(value(line)) ? 'whole' : 'path', line.span))
  ],
  [
    'SetEnv',
    (line, place) =>
      push(place, setting('environment', [{ name: value(line), value: literal(value(line, 1)) }], line.span))
  ],
  [
    'PassEnv',
    (line, place, reader) => {
      const passed = line.words.flatMap((word) => {
        const found = reader.io.environment(word.value)
        return found === undefined ? [] : [{ name: word.value, value: literal(found) }]
      })
      return push(place, setting('environment', passed, line.span))
    }
  ],
  ['UnsetEnv', unsetEnv],
  ['ErrorDocument', errorDocument]
]

function push(place: Place, one: Setting): Said {
  place.settings.push(one)
  return undefined
}

function labels(
  line: Line,
  place: Place,
  reader: Reader,
  what: 'handler' | 'media-type',
  label: string
): Said {
  const [, ...extensions] = line.words
  reader.useLabel(label, line.span, place.server)
  const rules = extensions.map((word) => ({
    extension: `.${word.value.replace(/^\./, '').toLowerCase()}`,
    label,
    what,
    counts: 'any' as const,
    origin: line.span
  }))
  const taken = place.settings.findIndex(takesLabels)
  place.settings.splice(taken < 0 ? place.settings.length : taken, 0, setting('labels', rules, line.span))
  return undefined
}

function takesLabels(one: Setting): boolean {
  return one.key === 'labels' && one.value.every(({ label }) => label === '')
}

/**
 * What is taken away is so where a place is merged with those around it, whatever adds to it in the same place; around the main
 * server there is nothing (mod_mime: `merge_mime_dir_configs`).
 */
function noLabels(line: Line, place: Place, what: 'handler' | 'media-type'): Said {
  if (place.context === 'main')
    return { kind: 'ignored', why: 'around the main server nothing is to be taken away' }
  const rules = line.words.map((word) => ({
    extension: `.${word.value.replace(/^\./, '').toLowerCase()}`,
    label: '',
    what,
    counts: 'any' as const,
    origin: word.span
  }))
  return push(place, setting('labels', rules, line.span))
}

/** All with a sign or none; without signs the list replaces what holds outside (core: `set_options`). */
function options(line: Line, place: Place, reader: Reader): Said {
  const words = line.words.map((word) => word.value)
  const signed = words.filter((word) => /^[+-]/.test(word))
  if (signed.length > 0 && signed.length < words.length) {
    const odd = line.words.find((word) => !/^[+-]/.test(word.value)) ?? line
    const hint = `write \`Options ${words.map((word) => (/^[+-]/.test(word) ? word : `+${word}`)).join(' ')}\``
    reader.report.refuse('mixed-options', odd.span, 'Either all Options have `+` or `-`, or none has', hint)
    return undefined
  }
  const allowed = switched(words, ['execcgi', 'runscripts', 'all'])
  // Rules of folders are only tried where links are followed in one way or the other (mod_rewrite: `hook_fixup`).
  const followed = switched(words, ['followsymlinks', 'symlinksifownermatch', 'all'])
  if (followed !== undefined) push(place, setting('folderRulesRefused', !followed, line.span))
  return allowed === undefined ? undefined : push(place, setting('allowPrograms', allowed, line.span))
}

/** Whether one of the names is on behind a list of Options; undefined where it stays as it is. */
function switched(words: readonly string[], names: readonly string[]): boolean | undefined {
  const said = words.filter((word) => names.includes(word.replace(/^[+-]/, '').toLowerCase()))
  if (said.length > 0) return said.some((word) => !word.startsWith('-'))
  return words.some((word) => /^[+-]/.test(word)) ? undefined : false
}

/** What SetEnv and PassEnv have set so far, here and further out, is taken away. */
function unsetEnv(line: Line, place: Place): Said {
  const removed = line.words.map((word) => ({ name: word.value, value: [], removed: true }) as const)
  return push(place, setting('environment', removed, line.span))
}
