import { appendFileSync } from 'node:fs'
import { plain } from '../../diagnostics/formats/style.js'
import type { Report } from '../../diagnostics/report.js'
import { loadFormat } from '../formats.js'
import { CommandError } from '../io.js'
import type { Io } from '../io.js'

/** GitHub takes no more of one step, in bytes. */
const most = 1024 * 1024

/** Adds the findings, in Markdown, to what GitHub shows below a job: the file that `GITHUB_STEP_SUMMARY` names, where it does. */
export async function addToSummary(found: Report, io: Io): Promise<void> {
  const file = io.env['GITHUB_STEP_SUMMARY'] ?? ''
  if (file === '') return
  const write = await loadFormat('markdown')
  try {
    appendFileSync(file, within(write(found, plain, io)))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`cannot write the summary: ${error.message}`, 'leave out --summary')
  }
}

/** As many whole lines as fit; then it says that there are more. */
function within(text: string): string {
  if (Buffer.byteLength(text) <= most) return text
  const rest = '\nThere are more findings than fit here.\n'
  const bytes = Buffer.from(text).subarray(0, most - rest.length)
  return `${bytes.subarray(0, bytes.lastIndexOf('\n') + 1).toString()}${rest}`
}
