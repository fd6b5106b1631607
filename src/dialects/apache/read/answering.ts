import type { Line } from './line.js'
import type { Handler } from './reader.js'

const value = (line: Line, index = 0): string => line.words[index]?.value ?? ''

/** Who answers: the three FastCGI modules. */
export const answeringHandlers: readonly (readonly [string, Handler])[] = [
  ...pair(['FastCgiServer', 'AppClass'], (line, _, reader) => {
    reader.definitions.server(line)
    return undefined
  }),
  ...pair(['FastCgiExternalServer', 'ExternalAppClass'], (line, _, reader) => {
    reader.definitions.external(line)
    return undefined
  }),
  ...pair(['FastCgiConfig', 'FCGIConfig'], (line, _, reader) => {
    reader.configSpan ??= line.span
    reader.definitions.config(line)
    return undefined
  }),
  [
    'FastCgiIpcDir',
    (line, _, reader) => {
      reader.definitions.directory(line, value(line))
      return undefined
    }
  ],
  ...pair(['FastCgiWrapper', 'FastCgiSuexec'], (line, _, reader) => {
    reader.definitions.wrap(line, value(line))
    return undefined
  }),
  ...pair(['User', 'Group'], (line, _, reader) => {
    reader.definitions.runsAs(line)
    return undefined
  }),
  [
    'SuexecUserGroup',
    (_, place, reader) => {
      reader.suexec.add(place.server)
      return undefined
    }
  ]
]

function pair(names: readonly string[], handler: Handler): readonly (readonly [string, Handler])[] {
  return names.map((name) => [name, handler] as const)
}
