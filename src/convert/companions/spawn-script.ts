import { folderOf } from '../../dialects/paths.js'
import type { OutputFile } from '../../dialects/index.js'
import { shellWord } from '../../dialects/spawn.js'
import type { Application } from './applications.js'
import { accountOf, environmentOf, webAccount } from './process.js'

/** A shell script (POSIX) that starts and stops every application with spawn-fcgi(1). */
export function spawnScript(applications: readonly Application[]): OutputFile {
  // File names: no character of them means anything to a shell.
  const names = applications.map(({ name }) => name).join(' ')
  return {
    path: 'spawn-backends.sh',
    executable: true,
    text: `${head}${applications.map(ofApplication).join('\n')}\nall='${names}'\n\n${commands}`
  }
}

const head = `#!/bin/sh
# Starts, stops and watches over the FastCGI applications that the web server expects to find running.
#
#     spawn-backends.sh start|stop|restart|status [NAME...]
#
# The numbers of the processes are kept in RUN_DIRECTORY. As root, each application runs as its own account.
set -u

run=\${RUN_DIRECTORY:-/run/fastcgi-applications}
# Seconds an application may take to end, first at its own signal, then at SIGTERM, before it is killed.
patience=\${STOP_TIMEOUT:-10}

spawn=$(command -v spawn-fcgi) || {
  echo 'spawn-fcgi is not installed' >&2
  exit 1
}

as_root() {
  [ "$(id -u)" = 0 ]
}

`

/** `start_NAME` and `settings_NAME`: names of functions have no `-` and `.`. */
function ofApplication({ name, address, plan, processes }: Application): string {
  const { user, group } = accountOf(plan)
  const [program = ''] = plan.command
  const ofRoot =
    address.kind === 'unix'
      ? ['-u', user, '-g', group, '-U', user, '-G', webAccount]
      : ['-u', user, '-g', group]
  const where =
    address.kind === 'unix'
      ? ['-s', address.path, '-M', '0660']
      : ['-a', address.host === '' ? '127.0.0.1' : address.host, '-p', String(address.port)]
  const options = [
    ...where,
    '-b',
    String(plan.backlog),
    '-F',
    String(processes),
    ...(plan.directory === 'of-program' ? ['-d', folderOf(program)] : [])
  ]
  const environment = environmentOf(plan).map(({ name, value }) => shellWord(`${name}=${value}`))
  const cleared =
    plan.inherit.kind === 'all'
      ? []
      : ['-i', ...plan.inherit.names.map((name) => `\${${name}+"${name}=$${name}"}`)]
  const prefix = [
    ...(plan.priority === 0 ? [] : ['nice', '-n', String(plan.priority)]),
    ...(cleared.length + environment.length === 0 ? [] : ['env', ...cleared, ...environment])
  ]
  const lines = [
    ...(address.kind === 'unix' ? [`  mkdir -p ${shellWord(folderOf(address.path))} &&`] : []),
    `  ${[...prefix, '"$spawn"'].join(' ')} "$@" ${options.map(shellWord).join(' ')} -- ${plan.command.map(shellWord).join(' ')}`
  ]
  const id = functionName(name)
  return `start_${id}() {
  as_root && set -- "$@" ${ofRoot.map(shellWord).join(' ')}
${lines.join('\n')}
}
signal_${id}=${String(plan.killSignal)}
`
}

function functionName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_')
}

const commands = `id_of() {
  printf %s "$1" | tr -c 'A-Za-z0-9_' '_'
}

# Those of its processes that are there.
alive() {
  [ -f "$run/$1.pid" ] || return 0
  while read -r pid || [ -n "$pid" ]; do
    kill -0 "$pid" 2>/dev/null && echo "$pid"
  done <"$run/$1.pid"
}

start() {
  if [ -n "$(alive "$1")" ]; then
    echo "$1: is running"
    return 0
  fi
  if mkdir -p "$run" && "start_$(id_of "$1")" -P "$run/$1.pid" >/dev/null; then
    echo "$1: started"
  else
    echo "$1: could not be started" >&2
    return 1
  fi
}

stop() {
  eval "signal=\\$signal_$(id_of "$1")"
  waited=0
  for pid in $(alive "$1"); do kill "-$signal" "$pid"; done
  while [ -n "$(alive "$1")" ]; do
    for pid in $(alive "$1"); do
      # Each has a group of its own, with its children.
      [ "$waited" -ne "$patience" ] || kill -TERM "$pid"
      [ "$waited" -lt $((patience * 2)) ] || kill -KILL "-$pid"
    done
    waited=$((waited + 1))
    sleep 1
  done
  rm -f "$run/$1.pid"
  echo "$1: stopped"
}

status() {
  pids=$(alive "$1" | tr '\\n' ' ')
  if [ -n "$pids" ]; then
    echo "$1: running as \${pids% }"
  else
    echo "$1: not running"
    return 3
  fi
}

command=\${1:-}
[ "$#" -gt 0 ] && shift
[ "$#" -gt 0 ] || set -- $all
for name in "$@"; do
  case " $all " in
    *" $name "*) ;;
    *)
      echo "$name: no such application; there are: $all" >&2
      exit 2
      ;;
  esac
done

code=0
for name in "$@"; do
  case $command in
    start | stop | status) "$command" "$name" || code=$? ;;
    restart)
      stop "$name"
      start "$name" || code=$?
      ;;
    *)
      echo "usage: $0 start|stop|restart|status [NAME...]" >&2
      exit 2
      ;;
  esac
done
exit "$code"
`
