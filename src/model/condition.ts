import { unreachable } from '../diagnostics/index.js'
import type { Template } from './template.js'

/** What a scope, a rule or a rewrite asks about the request. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | {
      readonly kind: 'test'
      readonly subject: Subject
      readonly test: Test
      /**
       * Asked once, and its answer kept under this number until the scopes are chosen anew. With `from` it is asked at the step `scopes`
       * of that moment: what it stands for means nothing before. `fromAgain` takes its place where the request starts again behind the
       * step `change-headers`, which asks nothing then.
       */
      readonly once?: { readonly id: number; readonly from?: string; readonly fromAgain?: string }
    }

export type Subject =
  /** The host asked for. `port`: `never` compares the bare name, `unless-default` sees `name:port` where the port is not the scheme's own. */
  | { readonly of: 'host'; readonly port: 'never' | 'unless-default' | 'if-both-have-one' }
  /** The decoded path without query. `slashes`: `merged` sees one slash for several in a row. */
  | { readonly of: 'path'; readonly slashes?: 'merged' }
  | { readonly of: 'query' }
  | { readonly of: 'method' }
  | { readonly of: 'scheme' }
  | { readonly of: 'remote-address' }
  | { readonly of: 'listener' }
  /** By lower-case name; a missing header is the empty text. Several are joined with `join`, by default `, `. */
  | { readonly of: 'header'; readonly name: string; readonly join?: string }
  /** The file the request is mapped to, as far as it is known. `folder`: the folder it lies in, or itself where it is one (Apache's Directory). */
  | { readonly of: 'filename'; readonly folder?: true }
  /** The last name of that file (Apache's Files). */
  | { readonly of: 'basename' }
  /** The URL that a request without a file is passed on to (Apache's Proxy). */
  | { readonly of: 'passed-to' }
  | { readonly of: 'text'; readonly template: Template }

export type Test =
  | { readonly kind: 'equals'; readonly value: string; readonly ignoreCase?: boolean }
  /** Equal to what the template gives for this request. */
  | { readonly kind: 'same'; readonly as: Template }
  /** `segments`: `/a` covers `/a` and `/a/b` but not `/ab`. */
  | { readonly kind: 'prefix'; readonly value: string; readonly segments: boolean }
  | { readonly kind: 'suffix'; readonly value: string }
  | { readonly kind: 'regex'; readonly regex: Regex }
  /** Shell wildcards; `*` and `?` cross a slash only where `crossesSlash`. `below`: whatever lies below a match holds too. */
  | {
      readonly kind: 'glob'
      readonly pattern: string
      readonly crossesSlash: boolean
      readonly below: boolean
      readonly ignoreCase?: boolean
    }
  | { readonly kind: 'address'; readonly network: string }
  /** `file`: a plain file; `filled`: one with something in it; `directory`; `link`: a symbolic one; `any`; `executable`. The subject's text is the path. */
  | {
      readonly kind: 'exists'
      readonly what: 'file' | 'filled' | 'directory' | 'link' | 'any' | 'executable'
    }
  /** A request for it, as a URL of the site or as a file that is there, would not be refused. */
  | { readonly kind: 'allowed'; readonly as: 'url' | 'file' }
  /** With another text made for the request; as numbers, both are read up to the first character that is no digit. */
  | {
      readonly kind: 'compare'
      /** `length`: a longer text is greater, whatever is in it. */
      readonly as: 'text' | 'number' | 'length'
      readonly relation: '=' | '<' | '<=' | '>' | '>='
      readonly to: Template
    }
  /** A user whom a file of lines `group: user user` has in one of the groups. */
  | { readonly kind: 'member'; readonly file: Template; readonly groups: readonly string[] }
  /** Neither empty nor `0`. */
  | { readonly kind: 'true' }

/** Tests that look at nothing but the subject's text, which can be asked of any text. */
export type TextTest = Extract<
  Test,
  { readonly kind: 'equals' | 'prefix' | 'suffix' | 'regex' | 'glob' | 'true' }
>

export function isTextTest(test: Test): test is TextTest {
  switch (test.kind) {
    case 'equals':
    case 'prefix':
    case 'suffix':
    case 'regex':
    case 'glob':
    case 'true':
      return true
    case 'address':
    case 'exists':
    case 'allowed':
    case 'same':
    case 'compare':
    case 'member':
      return false
    default:
      return unreachable(test)
  }
}

/** A PCRE as its author wrote it. `src/decide/regex.ts` is the one place that makes it run here. */
export interface Regex {
  readonly source: string
  readonly ignoreCase: boolean
}

export const always: Condition = { kind: 'always' }
