import { resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostics/index.js'
import type { Member, ProcessPlan, Site } from '../../model/index.js'
import type { Backends, Lease } from '../backends.js'
import { diskFiles } from '../files.js'
import { absolute } from './listen.js'
import { watchLoads } from './measured.js'
import { Program } from './program.js'
import type { ProgramOptions } from './program.js'
import { groupId, userId } from './users.js'

/** All processes a site starts itself. */
export class Processes implements Backends {
  private readonly programs = new Map<Member, Program>()
  private stopping = false
  /** What served before. */
  private earlier: readonly Processes[] = []
  /** Programs that somebody else ends. */
  private borrowed = new Set<Program>()
  private stopped: Promise<void> | undefined

  private readonly options: ProgramOptions
  private readonly unwatch: () => void

  constructor(site: Site, given: ProgramOptions) {
    const managed = (): number =>
      [...this.all].reduce((sum, { count, isManaged }) => sum + (isManaged ? count : 0), 0)
    const options: ProgramOptions = { ...given, managed }
    this.options = options
    const isMeasured = site.pools.some(({ members }) =>
      members.some(({ process }) => process?.manager?.kind === 'measured')
    )
    this.unwatch = !isMeasured
      ? () => undefined
      : watchLoads(() => [...this.all].flatMap(({ measured }) => measured ?? []), managed, options.clock)
    const byId = new Map(site.pools.map((pool) => [pool.id, pool]))
    for (const pool of site.pools) {
      const first = byId.get(pool.sharedWith ?? pool.id) ?? pool
      for (const [index, member] of pool.members.entries()) {
        // Without a command it is only the pattern for programs that requests name.
        if (member.process === undefined || member.process.command.length === 0) continue
        const shared = this.programs.get(first.members[index] ?? member)
        this.programs.set(member, shared ?? new Program(member, member.process, options))
      }
    }
  }

  /** Each once: pools that share their members share the programs. */
  private get all(): ReadonlySet<Program> {
    return new Set(this.programs.values())
  }

  /** Starts one program after the other: a later one may find the socket of an earlier one answered. */
  async start(earlier: readonly Backends[] = []): Promise<readonly Diagnostic[]> {
    this.earlier = earlier.filter((one) => one instanceof Processes)
    const kept = new Map<Program, Processes>()
    for (const [member, program] of this.programs) {
      const found = await this.runningLike(program)
      if (found === 'other') return [restartNeeded(program)]
      if (found === undefined) continue
      this.programs.set(member, found.program)
      kept.set(found.program, found.of)
    }
    this.borrowed = new Set(kept.keys())
    for (const program of this.all) {
      if (kept.has(program)) continue
      const failure = await program.start()
      if (failure !== undefined)
        return [{ ...refusal('serve/program-not-started', failure, program.member), hint: notStartedHint }]
    }
    for (const [program, of] of kept) of.borrowed.add(program)
    this.borrowed = new Set()
    return []
  }

  /** What runs on this program's sockets already and was started alike; what is ending there is waited for. */
  private async runningLike(
    wanted: Program
  ): Promise<{ readonly program: Program; readonly of: Processes } | 'other' | undefined> {
    for (const of of this.earlier) {
      const program = [...of.programs.values()].find((one) => one.overlaps(wanted))
      if (program === undefined || of.borrowed.has(program)) continue
      if (!of.stopping) return program.isLike(wanted) ? { program, of } : 'other'
      await of.stop()
    }
    return undefined
  }

  canAnswer(member: Member): boolean {
    return this.programs.get(member)?.canAnswer ?? true
  }

  /** A process's address for one request; members without processes have the address they were given. */
  async lease(member: Member): Promise<Lease | 'ended' | undefined> {
    if (!member.process)
      return { address: absolute(member.address, this.options.directory), done: () => undefined }
    const program = this.programs.get(member) ?? (await this.add(member, member.process))
    return program?.lease()
  }

  /** Programs that only a request names (any file of a kind) are not among the site's pools. */
  private async add(member: Member, plan: ProcessPlan): Promise<Program | undefined> {
    if (this.stopping) return undefined
    const wanted = new Program(member, plan, this.options)
    const found = await this.runningLike(wanted)
    const known = this.programs.get(member)
    if (known) return known
    if (typeof found === 'object') {
      found.of.borrowed.add(found.program)
      this.programs.set(member, found.program)
      return found.program
    }
    if (found === 'other') {
      this.options.log({ level: 'error', message: restartNeeded(wanted).message, origin: member.origin })
      return undefined
    }
    this.programs.set(member, wanted)
    const failure = await wanted.start()
    if (failure !== undefined) this.options.log({ level: 'error', message: failure, origin: member.origin })
    return wanted
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.stopAll())
  }

  private async stopAll(): Promise<void> {
    this.stopping = true
    this.unwatch()
    const own = [...this.all].filter((program) => !this.borrowed.has(program))
    await Promise.all(own.map((program) => program.stop()))
    this.earlier = []
  }
}

function restartNeeded({ member }: Program): Diagnostic {
  return {
    ...refusal(
      'serve/restart-needed',
      'a program is to be started otherwise than the one that runs on the same socket',
      member
    ),
    hint: 'stop and start the server for this change, or give the program a socket of its own'
  }
}

const notStartedHint = 'run the program by hand to see what it says, and look who uses its socket'

/** What can be said of programs without starting them. */
export function checkPrograms(site: Site, directory: string): readonly Diagnostic[] {
  return site.pools
    .flatMap(({ members }) => members)
    .flatMap((member) =>
      member.process && member.process.command.length > 0
        ? checkProgram(member, member.process, directory)
        : []
    )
}

function checkProgram(member: Member, plan: ProcessPlan, directory: string): readonly Diagnostic[] {
  const refusals = [...checkOwner(member, plan)]
  // A program on demand may come later: the request that wants it is told.
  if (plan.when !== 'at-start') return refusals
  const file = resolve(directory, plan.command[0] ?? '')
  if (diskFiles.kind(file) === 'missing') {
    refusals.push(refusal('serve/program-missing', `the program \`${file}\` does not exist`, member))
  } else if (!diskFiles.isExecutable(file)) {
    refusals.push(refusal('serve/program-not-executable', `\`${file}\` is not an executable file`, member))
  }
  return refusals
}

/** Only a privileged server can start programs as somebody else; any other starts them as itself. */
function checkOwner(member: Member, { user, group }: ProcessPlan): readonly Diagnostic[] {
  const wanted = [
    ...(user === undefined ? [] : [{ what: 'user', name: user, id: userId(user), own: process.getuid?.() }]),
    ...(group === undefined
      ? []
      : [{ what: 'group', name: group, id: groupId(group), own: process.getgid?.() }])
  ]
  return wanted.flatMap(({ what, name, id, own }): readonly Diagnostic[] => {
    if (id === undefined) {
      const hint = `make the ${what}, or name one that exists`
      return [
        {
          ...refusal(
            what === 'user' ? 'serve/unknown-user' : 'serve/unknown-group',
            `there is no ${what} \`${name}\` to start a program as`,
            member
          ),
          hint
        }
      ]
    }
    if (process.getuid?.() === 0 || id === own) return []
    const message = `a program is to be started as the ${what} \`${name}\`, which only root can: it is started as this one`
    return [
      {
        ...refusal('serve/other-user', message, member),
        severity: 'warning',
        hint: 'serve as root, or as that user'
      }
    ]
  })
}

function refusal(code: string, message: string, { origin }: Member): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    span: origin,
    hint: 'correct the path, or make the file executable by the user that serves'
  }
}
