import type { Diagnostic, Related, Span } from '../../diagnostics/index.js'

interface More {
  readonly hint?: string
  readonly related?: readonly Related[]
}

/** What a reading run finds wrong. `refuse` is for what keeps the server from starting. */
export class Problems {
  readonly list: Diagnostic[] = []
  refused = false
  /** Something was not read that may be had where the server runs: what was read is not the whole. */
  incomplete = false

  refuse(code: string, span: Span, message: string, more: More = {}): void {
    this.refused = true
    this.list.push({ code: named(code), severity: 'error', message, span, ...more })
  }

  /** What keeps the server from starting on this machine, and may be otherwise where it is to run. */
  refuseHere(code: string, span: Span, message: string, more: More = {}): void {
    this.refused = true
    this.list.push({ code: named(code), severity: 'warning', message, span, ...more, ofMachine: true })
  }

  /** What is not read here, and would be read where the server runs. */
  leaveOut(code: string, span: Span, message: string, more: More = {}): void {
    this.incomplete = true
    this.warn(code, span, message, more)
  }

  warn(code: string, span: Span, message: string, more: More = {}): void {
    this.list.push({ code: named(code), severity: 'warning', message, span, ...more })
  }

  tell(code: string, span: Span, message: string, more: More = {}): void {
    this.list.push({ code: named(code), severity: 'info', message, span, ...more })
  }

  add(diagnostic: Diagnostic): void {
    this.list.push(diagnostic)
  }
}

/** A code with a group of its own is common to all languages. */
function named(code: string): string {
  return code.includes('/') ? code : `lighttpd/${code}`
}
