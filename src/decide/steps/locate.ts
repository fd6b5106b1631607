import type { Step } from '../../model/index.js'
import { isCollected } from '../environment.js'
import { answer, statusAnswer, type Mapped, type State, type StepResult } from '../state.js'
import { isLost, smallLetters } from '../mapping.js'
import type { FileView } from '../types.js'
import { ownLocation } from './redirected.js'

/** Looks at the mapped file, and splits off what stands behind it as path info. */
export function locate(state: State, step: Extract<Step, { step: 'locate' }>): StepResult {
  const mapped = state.mapped
  if (state.taken !== undefined || mapped === undefined) return undefined
  if (isLost(state)) return statusAnswer(500, 'the path was rewritten below an alias', undefined)
  const located = walk(state, mapped, step)
  if (located === 'forbidden') return statusAnswer(403, `no right to look at ${mapped.filename}`, undefined)
  if (located === 'missing') return statusAnswer(404, `there is no ${mapped.filename}`, undefined)
  if (
    state.settings.symlinks?.value === 'refused' &&
    throughLink(state.surroundings.files, located.filename)
  ) {
    const { origin } = state.settings.symlinks
    return statusAnswer(403, `${located.filename} is reached through a symbolic link`, origin)
  }
  state.mapped = { ...located, pathInfo: asWritten(state, located.pathInfo) }
  if (located.pathInfo !== '' && isCollected(state)) state.leftPathInfo = state.mapped.pathInfo
  state.trace?.push({
    step: 'locate',
    text: `${located.filename} is ${described(located)}${located.pathInfo === '' ? '' : `, the path info ${located.pathInfo}`}`
  })
  if (step.directorySlash === 'redirect' && located.located === 'directory' && !state.path.endsWith('/')) {
    const location = ownLocation(state, `${state.path}/`, 'relative')
    return answer({ kind: 'redirect', status: 301, location })
  }
  return undefined
}

/** A path is itself unless a name in it is a link. */
export function throughLink(files: FileView, path: string): boolean {
  const bare = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
  return files.realPath(bare) !== bare
}

/** Where names are looked up in small letters, path info has the letters of the request if the target ends in it. */
function asWritten(state: State, pathInfo: string): string {
  if (state.settings.lowerCaseFiles?.value !== true || pathInfo === '') return pathInfo
  const tail = state.uri.slice(-pathInfo.length)
  return smallLetters(tail) === pathInfo ? tail : pathInfo
}

function described(mapped: Mapped): string {
  return mapped.located === 'missing' ? 'missing' : `a ${mapped.located ?? 'name'}`
}

type Locate = Pick<Extract<Step, { step: 'locate' }>, 'missing' | 'behindFile'>

function walk(state: State, mapped: Mapped, step: Locate): Mapped | 'missing' | 'forbidden' {
  const { files } = state.surroundings
  const { missing } = step
  if (missing === 'keep' && mapped.filename.includes('//')) {
    return walk(state, { ...mapped, filename: mapped.filename.replace(/\/{2,}/g, '/') }, step)
  }
  const { filename } = mapped
  const kind = files.kind(filename)
  if (kind === 'file' && !filename.endsWith('/')) return { ...mapped, located: 'file' }
  if (kind === 'directory') return { ...mapped, located: 'directory' }
  if (kind === 'forbidden') return 'forbidden'
  return missing === 'keep' ? firstNoDirectory(state, mapped) : fileAbove(state, mapped, step)
}

/** The file that the path goes through, if there is one. */
function fileAbove(state: State, mapped: Mapped, { behindFile }: Locate): Mapped | 'missing' | 'forbidden' {
  const { filename, documentRoot } = mapped
  const least = filename.startsWith(documentRoot) ? documentRoot.length : 0
  for (let slash = filename.lastIndexOf('/'); slash > least; slash = filename.lastIndexOf('/', slash - 1)) {
    const candidate = filename.slice(0, slash)
    switch (state.surroundings.files.kind(candidate)) {
      case 'file':
        if (behindFile === 'missing') return 'missing'
        return { ...mapped, filename: candidate, pathInfo: filename.slice(slash), located: 'file' }
      case 'directory':
        return 'missing'
      case 'forbidden':
        return 'forbidden'
      case 'missing':
        break
    }
  }
  return 'missing'
}

/** The name ends at the first component that is no directory, even if there is nothing. */
function firstNoDirectory(state: State, mapped: Mapped): Mapped | 'forbidden' {
  const { filename } = mapped
  // From the end to the deepest directory: what is below it is the name's last component.
  let end = filename.length
  for (;;) {
    const slash = filename.lastIndexOf('/', end - 1)
    const above = slash <= 0 ? '/' : filename.slice(0, slash)
    const kind = above === '/' ? 'directory' : state.surroundings.files.kind(above)
    if (kind === 'forbidden') return 'forbidden'
    if (kind === 'directory') {
      const name = filename.slice(0, end)
      const is = state.surroundings.files.kind(name)
      return {
        ...mapped,
        filename: name,
        pathInfo: filename.slice(end),
        located: is === 'file' ? 'file' : is === 'directory' ? 'directory' : 'missing'
      }
    }
    end = slash
  }
}
