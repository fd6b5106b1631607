import type { Command, Option } from 'commander'
import { rules } from '../../lint/index.js'
import { shells } from './shells.js'
import type { Shell } from './shells.js'
import type { ExitCode, Io } from '../io.js'

/** What can be typed behind the name of the program. */
interface Completed {
  readonly name: string
  readonly description: string
  readonly options: readonly Option[]
  /** What stands behind the name in place of a file. */
  readonly words: readonly string[]
}

/** Prints a script for a shell, made of the commands and options that there are. */
export function completionCommand(shell: Shell, program: Command, io: Io): ExitCode {
  const commands = program.commands.map((command) => completed(command))
  io.out(writers[shell](program.name(), commands))
  return 0
}

function completed(command: Command): Completed {
  const name = command.name()
  const words = name === 'explain' ? rules.map(({ code }) => code) : command.commands.map((one) => one.name())
  return {
    name,
    description: command.description().replaceAll('\n', ' '),
    options: [...command.createHelp().visibleOptions(command)],
    words: name === 'completion' ? shells : words
  }
}

function choicesOf({ argChoices }: Option): readonly string[] {
  return argChoices ?? []
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional
}

function spellings({ short, long }: Option): readonly string[] {
  return [short, long].filter((name) => name !== undefined)
}

const writers: Readonly<Record<Shell, (program: string, commands: readonly Completed[]) => string>> = {
  bash: (program, commands) => {
    const values = commands.flatMap(({ name, options }) =>
      options
        .filter((option) => choicesOf(option).length > 0)
        .map((option) => {
          const patterns = spellings(option).map((spelling) => `"${name} ${spelling}"`)
          return `    ${patterns.join('|')}) words="${choicesOf(option).join(' ')}" ;;\n`
        })
    )
    const files = commands.flatMap(({ name, options }) =>
      options
        .filter((option) => takesValue(option) && choicesOf(option).length === 0)
        .flatMap((option) => spellings(option).map((spelling) => `"${name} ${spelling}"`))
    )
    const places = commands.map(
      ({ name, options, words }) =>
        `    ${name}) options="${options.flatMap(spellings).join(' ')}" words="${words.join(' ')}" ;;\n`
    )
    return `# bash: source <(${program} completion bash)
_${functionName(program)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" options="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "$command $previous" in
${values.join('')}    ${files.join('|')})
      COMPREPLY=($(compgen -f -- "$current"))
      return ;;
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case "$command" in
${places.join('')}  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current"))
       else COMPREPLY=($(compgen -f -- "$current")); fi ;;
  esac
}
complete -o filenames -F _${functionName(program)} ${program}
`
  },
  zsh: (program, commands) => {
    const described = commands.map(({ name, description }) => `    ${inZsh(`${name}:${description}`)}\n`)
    const places = commands.map(({ name, options, words }) => {
      const rest = words.length === 0 ? '*:file:_files' : `*:what:(${words.join(' ')})`
      const lines = [...options.flatMap(zshOptions), rest].map((line) => ` \\\n        ${inZsh(line)}`)
      return `    ${name}) _arguments${lines.join('')} ;;\n`
    })
    return `#compdef ${program}
# zsh: source <(${program} completion zsh)
_${functionName(program)}() {
  local -a commands
  commands=(
${described.join('')}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${places.join('')}  esac
}
compdef _${functionName(program)} ${program}
`
  },
  fish: (program, commands) => {
    const names = commands.map(({ name, description }) =>
      [
        'complete',
        '-c',
        program,
        '-n',
        '__fish_use_subcommand',
        '-f',
        '-a',
        name,
        '-d',
        inFish(description)
      ].join(' ')
    )
    const options = commands.flatMap(({ name, options: given, words }) => {
      const within = ['complete', '-c', program, '-n', `'__fish_seen_subcommand_from ${name}'`]
      const positional =
        words.length === 0 ? [] : [[...within, '-f', '-a', inFish(words.join(' '))].join(' ')]
      return [...given.map((option) => [...within, ...fishOption(option)].join(' ')), ...positional]
    })
    return `# fish: ${program} completion fish | source\n${[...names, ...options].join('\n')}\n`
  }
}

function functionName(program: string): string {
  return program.replaceAll('-', '_')
}

function zshOptions(option: Option): readonly string[] {
  const text = option.description.replace(/[[\]:\\]/g, '\\$&')
  const choices = choicesOf(option)
  const value = !takesValue(option)
    ? ''
    : choices.length > 0
      ? `:value:(${choices.join(' ')})`
      : ':value:_files'
  return spellings(option).map((spelling) => `*${spelling}[${text}]${value}`)
}

function inZsh(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function fishOption(option: Option): readonly string[] {
  const choices = choicesOf(option)
  return [
    ...(option.short === undefined ? [] : ['-s', option.short.slice(1)]),
    ...(option.long === undefined ? [] : ['-l', option.long.slice(2)]),
    ...(choices.length > 0 ? ['-x', '-a', inFish(choices.join(' '))] : takesValue(option) ? ['-r'] : []),
    '-d',
    inFish(option.description)
  ]
}

function inFish(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
