import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { readObservation, type Case, type Setup } from '../cases.js'
import { send } from '../client.js'
import { makeEchoProgram } from '../echo-program.js'
import { makePlace, type Place } from '../place.js'
import { runInPlace, type Result } from '../run.js'
import { observe } from './observe.js'
import type { RealServer, RealStart } from './server.js'

/** A configuration with its requests, tried on the real server and then on the project. */
export interface Outcome {
  readonly setup: Setup
  /** What the real server did, in the format of a recorded case. */
  readonly observed: 'refused' | 'broke-down' | readonly object[]
  /** What it printed. */
  readonly said: string
  /** How the project differs; empty if it does not. */
  readonly problems: readonly string[]
}

export type Recording = Exclude<Outcome['observed'], 'broke-down'>

type Recorded = Pick<Outcome, 'observed' | 'said'>

/** A real server that leaves a request without an answer for so many seconds broke down. */
const patience = 10

export class Trials {
  private readonly echoProgram = makeEchoProgram()

  constructor(readonly server: RealServer) {}

  close(): void {
    rmSync(dirname(this.echoProgram), { recursive: true, force: true })
  }

  /** Both in the same place, one after the other, so that paths and ports are the same. */
  async run(setup: Setup): Promise<Outcome> {
    const place = await makePlace(setup, this.echoProgram)
    try {
      const real = await this.record(setup, place)
      if (real.observed === 'broke-down') return { setup, ...real, problems: [] }
      const result = await runInPlace(caseOf(setup, real.observed), place)
      return { setup, ...real, problems: problemsOf(result) }
    } finally {
      await place.close()
    }
  }

  /** The real server alone. */
  async observe(setup: Setup): Promise<Recording> {
    const place = await makePlace(setup, this.echoProgram)
    try {
      const real = await this.record(setup, place)
      if (real.observed === 'broke-down') throw new Error(`the real server broke down\n${real.said}`)
      return real.observed
    } finally {
      await place.close()
    }
  }

  /** Whether a server that left a request without an answer says that it broke down, which it may say a second later. */
  private async brokeDown(started: Extract<RealStart, { kind: 'runs' }>): Promise<boolean> {
    if (this.server.brokeDown === undefined) return false
    for (let attempt = 0; attempt < 40; attempt++) {
      if (this.server.brokeDown(started.said())) return true
      await settled()
    }
    return false
  }

  private async record(setup: Setup, place: Place): Promise<Recorded> {
    const started = await this.server.start(place)
    if (started.kind === 'refused') return { observed: 'refused', said: started.said }
    const observed: object[] = []
    try {
      for (const request of setup.requests) {
        const port = place.ports[request.port - 1] ?? 0
        const answer = await send(port, request, (text) => place.fill(text), patience)
        observed.push(observe(answer, this.server, place))
        if (answer === undefined) await settled()
        if (started.hasEnded() || (answer === undefined && (await this.brokeDown(started))))
          return { observed: 'broke-down', said: started.said() }
      }
    } catch (error) {
      // It ended, or it leaves the client waiting: there is no answer that the project could be held to.
      const why = error instanceof Error ? error.message : String(error)
      return { observed: 'broke-down', said: `${started.said()}\n${why}` }
    } finally {
      await started.stop()
    }
    return { observed, said: started.said() }
  }
}

/** A process that ended is known to have ended a moment later. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}

function caseOf(setup: Setup, observed: Recording): Case {
  return {
    ...setup,
    id: `${setup.server}/random`,
    name: 'random',
    about: '',
    observed: observed === 'refused' ? 'refused' : observed.map(readObservation)
  }
}

/** A directive that is not read yet is a difference even where it makes none: generators use what is read. */
function problemsOf({ problems, unread }: Result): readonly string[] {
  return unread.length === 0 ? problems : [...problems, `not read yet: ${unread.join(', ')}`]
}
