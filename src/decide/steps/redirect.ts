import { unreachable } from '../../diagnostics/index.js'
import type { Redirect, SettingOf, Step } from '../../model/index.js'
import { regexGroups } from '../match.js'
import { encodePathSmall } from '../path.js'
import type { Groups } from '../regex.js'
import { groupsAround } from '../scopes/choose.js'
import { statusAnswer, type State, type StepResult } from '../state.js'
import { renderText } from '../template.js'
import { redirectToText } from './redirected.js'

/** The redirects that the configuration asks for. */
export function redirect(state: State, { at }: Extract<Step, { step: 'redirect' }>): StepResult {
  const { redirects, fileRedirects } = state.settings
  switch (at) {
    case undefined:
      return fromList(state, redirects)
    case 'url':
      if (state.taken !== undefined || state.urlSettled) return undefined
      return always(state) ?? fromList(state, redirects)
    case 'file':
      return always(state) ?? fromList(state, fileRedirects)
    default:
      return unreachable(at)
  }
}

function always(state: State): StepResult {
  const setting = state.settings.redirectsAll
  if (setting === undefined) return undefined
  return sent(state, { ...setting.value, on: 'path' }, undefined, undefined)
}

function fromList(state: State, setting: SettingOf<'redirects' | 'fileRedirects'> | undefined): StepResult {
  for (const rule of setting?.value ?? []) {
    const groups = regexGroups(rule.match, rule.on === 'path' ? state.path : state.uri, state)
    if (groups === undefined) continue
    if (rule.to?.length === 0) return undefined
    return sent(state, rule, groups, setting && groupsAround(state, setting))
  }
  return undefined
}

function sent(
  state: State,
  { to, status, on, escapes, origin }: Omit<Redirect, 'match'>,
  rule: Groups | undefined,
  scope: Groups | undefined
): StepResult {
  if (to === undefined) return statusAnswer(status, 'the configuration says so', origin)
  const text = renderText(to, { state, rule, scope })
  if (on !== 'path') return redirectToText(state, status, text, origin)
  if (!/^(?:\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(text))
    return statusAnswer(500, `\`${text}\` is neither a URL nor a path`, origin)
  const [path = '', rest = ''] = [/^[^?#]*/.exec(text)?.[0], /[?#][^]*$/.exec(text)?.[0]]
  const target = (escapes === true ? encodePathSmall(path) : path) + rest
  const query = state.query === undefined || target.includes('?') ? '' : `?${state.query}`
  return redirectToText(state, status, target + query, origin)
}
