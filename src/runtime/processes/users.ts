import { readFileSync } from 'node:fs'

/** The number of a user or a group, by name or number; undefined if there is none. */
export function userId(name: string): number | undefined {
  return idIn('/etc/passwd', name)
}

export function groupId(name: string): number | undefined {
  return idIn('/etc/group', name)
}

/** Both files have the name first and the number third (passwd(5), group(5)). */
function idIn(file: string, name: string): number | undefined {
  if (/^#?\d+$/.test(name)) return Number(name.replace('#', ''))
  const line = linesOf(file).find((one) => one.startsWith(`${name}:`))
  const id = line?.split(':')[2]
  return id === undefined ? undefined : Number(id)
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    // A system without the file knows nobody by name.
    return []
  }
}
