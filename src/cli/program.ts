import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { nearest } from '../diagnostics/nearest.js'
import { shells } from './completion/shells.js'
import type { Shell } from './completion/shells.js'
import { dialectNames } from '../dialects/dialect.js'
import { spawners } from '../dialects/spawn.js'
import type { ConfigOptions } from './config/configs.js'
import type { AuditOptions } from './audit.js'
import type { ConvertCommandOptions, Target } from './convert.js'
import type { IrOptions } from './ir.js'
import type { LintOptions } from './lint.js'
import type { RouteOptions } from './route.js'
import type { RulesOptions } from './rules.js'
import type { ServeCommandOptions } from './serve.js'
import type { Shard } from './linting/shards/part.js'
import { CommandError } from './io.js'
import type { ExitCode, Io } from './io.js'
import { tool } from './version.js'

/** Runs one command line. Nothing a user can give it ends in a stack trace, unless they ask with `--debug`. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const program = buildProgram(io, (code) => {
    exitCode = code
  })
  try {
    const [first = '', ...others] = args
    if (/^(?:-V|--version)$/.test(first) && others.length > 0) {
      const { versionsCommand } = await import('./versions.js')
      return await versionsCommand(others, io)
    }
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    return explainFailure(error, args.includes('--debug'), io)
  }
}

function explainFailure(error: unknown, debug: boolean, io: Io): ExitCode {
  // Commander has said what is wrong already; help that was asked for is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (debug && error instanceof Error && error.stack !== undefined) io.err(`${error.stack}\n`)
  if (error instanceof CommandError) {
    io.err(`fcgi-conf: ${error.message}\n${error.hint === undefined ? '' : `  help: ${error.hint}\n`}`)
    return 2
  }
  const message = error instanceof Error ? error.message : String(error)
  io.err(
    `fcgi-conf: this should not have happened: ${message}\n` +
      `  help: it is a mistake of fcgi-conf; please report it with the configuration and what --debug prints\n`
  )
  return 2
}

type Done = (code: ExitCode) => void

function buildProgram(io: Io, done: Done): Command {
  const program = new Command('fcgi-conf')
    .description(
      'Reads the FastCGI configuration of lighttpd, Apache httpd and nginx into one model; lints it,\n' +
        'translates it between the servers, and serves real traffic from it.'
    )
    .version(
      tool.version,
      '-V, --version',
      'print the version (with --format json: of what it writes and follows as well)'
    )
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('Run it with --help to see what it takes.')
    .addHelpText(
      'after',
      example('fcgi-conf lint /etc/lighttpd/lighttpd.conf', 'fcgi-conf convert --to nginx lighttpd.conf')
    )
  addLint(program, io, done)
  addConvert(program, io, done)
  addAudit(program, io, done)
  addServe(program, io, done)
  addRoute(program, io, done)
  addIr(program, io, done)
  addConfig(program, io, done)
  addRules(program, io, done)
  addExplain(program, io, done)
  addCompletion(program, io, done)
  return program
}

function example(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`
}

/** A command that reads configurations. */
function command(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .addOption(dialectOption('--from <dialect>', 'what the file is written for'))
    .option('--prefix <dir>', 'what relative paths in the file are relative to')
    .option('--root <dir>', 'where the tree stands whose / the file means')
    .option('--stdin-filename <name>', 'the name of standard input, for messages and detection')
    .option('--allow-include-shell', 'run the commands of include_shell, as lighttpd does')
    .option('-D, --define <name>', 'define a name, as httpd -D does (repeatable)', collect, [])
    .addOption(colour())
    .addOption(debug())
}

/** One of the dialects; the name that may have been meant is said with the others. */
function dialectOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(dialectNames).argParser((text) => {
    if (dialectNames.some((name) => name === text)) return text
    throw unknownDialect(text)
  })
}

/** A dialect, with the release of its server where that matters: `nginx@1.18`. */
function targetOption(): Option {
  const flags = '--to <dialect[@version]>'
  return new Option(flags, `what to write: ${dialectNames.join(', ')}`).argParser((text): Target => {
    const [, given = '', version] = /^([^@]*)(?:@(.*))?$/s.exec(text) ?? []
    const name = dialectNames.find((known) => known === given)
    if (name === undefined) throw unknownDialect(given)
    if (version === undefined) return { name }
    if (!/^\d+(\.\d+){0,3}$/.test(version))
      throw new InvalidArgumentError('A version is written as in `nginx@1.18`.')
    return { name, version }
  })
}

function shardOption(): Option {
  return new Option('--shard <i/n>', 'lint one of n parts of the files').argParser((text) => {
    const [, index, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []
    const shard: Shard = { index: Number(index), count: Number(count) }
    if (shard.index >= 1 && shard.index <= shard.count) return shard
    throw new InvalidArgumentError('It is written as in `2/3`, for the second of three.')
  })
}

function unknownDialect(text: string): InvalidArgumentError {
  const meant = nearest(text, dialectNames)
  const guess = meant === undefined ? '' : `Did you mean \`${meant}\`? `
  return new InvalidArgumentError(`${guess}Allowed choices are ${dialectNames.join(', ')}.`)
}

function colour(): Option {
  return new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto')
}

function debug(): Option {
  return new Option('--debug', 'print stack traces of mistakes in fcgi-conf')
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

function addLint(program: Command, io: Io, done: Done): void {
  command(
    program,
    'lint [file...]',
    'say what is wrong with configurations: files, folders, patterns, @lists, or - for standard input'
  )
    .option(
      '--files-from <file>',
      'lint what is a configuration of the files named in a file, one a line; - is standard input'
    )
    .addOption(
      dialectOption('--target <dialect>', 'tell as well what would not survive a conversion to this')
    )
    .option('--fix', 'apply the fixes that leave the server doing what it did, or what was plainly meant')
    .option('--fix-unsafe', 'apply the other fixes as well')
    .option('--diff', 'print what --fix would change as a patch, and change nothing')
    .option('--dry-run', 'with --fix: change nothing, and tell what would remain')
    .option('--backup', 'with --fix: keep each file as it was, with .orig behind its name')
    .option('--config <file>', 'take this configuration file, and look for no other')
    .option('--no-config', 'look for no configuration file')
    .option('--no-ignore', 'look at what .gitignore and .fcgi-confignore leave out, too')
    .option('--no-error-on-unmatched-pattern', 'a folder or pattern without a configuration is no error')
    .option(
      '--baseline <file>',
      'known findings that are not told (.fcgi-conf-baseline.json, where it is there)'
    )
    .option('--no-baseline', 'take no notice of a baseline')
    .option('--update-baseline', 'write all that is found to the baseline')
    .option('--prune-baseline', 'take out of the baseline what is found no more')
    .option('--pass-on-unpruned-baseline', 'entries of the baseline that are found no more are no error')
    .option(
      '--since <ref>',
      'tell only what stands in lines changed since this commit of git, or branched off it'
    )
    .option('--no-inline-config', 'take no notice of comments that suppress findings')
    .option('--no-report-unused-suppressions', 'say nothing of comments that suppress nothing')
    .option(
      '-f, --format <format[=file]>',
      'text, compact, json, jsonl, sarif, github, gitlab, checkstyle, junit, rdjson or markdown; with =file written to that file (repeatable)',
      collect,
      []
    )
    .option('-o, --output <file>', 'write the findings to a file')
    .addOption(
      new Option('--fail-on <level>', 'the least level at which the exit code is 1')
        .choices(['error', 'warn', 'info', 'never'])
        .default('error')
    )
    .option('--strict', 'warnings fail too (as --fail-on warn)')
    .option('--max-warnings <n>', 'fail on more warnings than this', wholeNumber)
    .option('--exit-zero', 'exit with 0 whatever was found')
    .option('-q, --quiet', 'errors only')
    .option(
      '--path-prefix <dir>',
      'what paths in reports begin with, where a container sees the files elsewhere'
    )
    .option('--cache', 'keep what was found, and look anew only at what changed')
    .option('--cache-location <dir>', 'where it is kept (node_modules/.cache/fcgi-conf, or as XDG says)')
    .option(
      '--threads <n>',
      'how many threads share the files (all processors, where there are many files)',
      wholeNumber
    )
    .addOption(shardOption())
    .option('--merge', 'the files are JSON reports of all shards: make one report of them')
    .option('--watch', 'look again whenever something changes, until a signal comes or q is typed')
    .option('--summary', 'add the findings to the summary of a job in GitHub Actions (GITHUB_STEP_SUMMARY)')
    .option('--timing', 'print how long each rule took')
    .addHelpText(
      'after',
      example(
        'fcgi-conf lint nginx.conf',
        'fcgi-conf lint .',
        'fcgi-conf lint --target nginx lighttpd.conf',
        'fcgi-conf lint --fix --backup /etc/nginx',
        'fcgi-conf lint --diff --fix-unsafe . | patch -p1',
        'git ls-files | fcgi-conf lint --files-from -',
        'fcgi-conf lint --since origin/main .',
        'fcgi-conf lint --update-baseline .',
        'fcgi-conf lint --shard 2/3 --format json=report-2.json .',
        'fcgi-conf lint --merge report-*.json',
        'fcgi-conf lint - --stdin-filename nginx.conf < nginx.conf',
        'fcgi-conf lint --root ./backup /etc/apache2/apache2.conf',
        'fcgi-conf lint --format text --format sarif=findings.sarif --strict *.conf'
      )
    )
    .action(async (files: readonly string[], options: LintOptions) => {
      const { lintCommand } = await import('./lint.js')
      done(await lintCommand(files, options, io))
    })
}

function addConvert(program: Command, io: Io, done: Done): void {
  command(
    program,
    'convert <file>',
    'write a configuration for another server, and account for every directive'
  )
    .addOption(targetOption().makeOptionMandatory())
    .option('-o, --output <dir>', 'write the files there instead of printing them')
    .option('--force', 'overwrite files that fcgi-conf did not write')
    .option('--fragment', 'write only what concerns the sites, to be included elsewhere')
    .addOption(
      new Option(
        '--spawner <kind>',
        'with -o, write files for what starts the applications where the target does not'
      ).choices(spawners)
    )
    .option(
      '--report <file>',
      'write the ledger to a file, as Markdown where it is called *.md, else as JSON'
    )
    .option(
      '--allow-open',
      'leave open what the target cannot guard as the source does, rather than close it'
    )
    .option('--annotate', 'put the line of the source above each block, as a comment')
    .option('--source-map <file>', 'write which lines of the source each written line comes from, as JSON')
    .addOption(
      new Option('--split <how>', 'one file, or with -o the same ones as the source includes')
        .choices(['one', 'same'])
        .default('one')
    )
    .option('--keep-going', 'convert what was understood of a source with errors')
    .option(
      '--check',
      'say which files in -o DIR are not what the source gives; exit with 1 if any, write nothing'
    )
    .option('--dry-run', 'say which files in -o DIR would change, write nothing')
    .option('--diff', 'with --dry-run or --check, print the changes as a patch')
    .addOption(
      new Option('--fail-on <verdict>', 'the least loss at which the exit code is 1')
        .choices(['approx', 'manual', 'lost', 'never'])
        .default('lost')
    )
    .option('-v, --verbose', 'print every line of the ledger, not only those that differ')
    .option('-q, --quiet', 'print only the sum of the ledger')
    .addHelpText(
      'after',
      example(
        'fcgi-conf convert --to nginx lighttpd.conf > nginx.conf',
        'fcgi-conf convert --to apache-proxy-fcgi -o out --report ledger.json lighttpd.conf',
        'fcgi-conf convert --to nginx@1.18 -o out --check --diff lighttpd.conf',
        'fcgi-conf convert --to nginx -o out --spawner systemd lighttpd.conf'
      )
    )
    .action(async (file: string, options: ConvertCommandOptions) => {
      const { convertCommand } = await import('./convert.js')
      done(await convertCommand(file, options, io))
    })
}

function addAudit(program: Command, io: Io, done: Done): void {
  command(
    program,
    'audit <file...>',
    'say how much of many configurations a conversion would carry over, and what stands in its way'
  )
    .addOption(targetOption().makeOptionMandatory())
    .addOption(
      new Option('-f, --format <format>', 'how to print it')
        .choices(['text', 'json', 'markdown'])
        .default('text')
    )
    .option('--no-ignore', 'look at files that .gitignore and .fcgi-confignore name as well')
    .addHelpText(
      'after',
      example(
        'fcgi-conf audit --to nginx /etc/lighttpd',
        'fcgi-conf audit --to apache-proxy-fcgi -f markdown sites/ > audit.md'
      )
    )
    .action(async (files: readonly string[], options: AuditOptions) => {
      const { auditCommand } = await import('./audit.js')
      done(await auditCommand(files, options, io))
    })
}

const serveSignals = `
Signals:
  SIGHUP    read the configuration anew; if it cannot be served, the old one stays
  SIGQUIT   answer what is under way, then stop
  SIGTERM   stop at once
  SIGINT    stop within 5 seconds; a second one stops at once
  SIGUSR1   reopen the error log
`

function addServe(program: Command, io: Io, done: Done): void {
  command(program, 'serve <file>', 'serve a configuration')
    .option('--echo', "put the built-in echo application in every backend's place")
    .addOption(new Option('--host <address>', 'listen on this address instead of the configured ones'))
    .option('--port <n>', 'listen on this port instead of the configured ones (0: any free one)', wholeNumber)
    .option('--pid <file>', "write the process's number there when every listener is open")
    .option('--error-log <file>', 'say what happens in this file instead of standard error')
    .option('--check', 'only say whether it would start (exit code 0 or 2)')
    .addHelpText(
      'after',
      example(
        'fcgi-conf serve lighttpd.conf',
        'fcgi-conf serve --echo --host 127.0.0.1 --port 8080 nginx.conf',
        'fcgi-conf serve --prefix /srv/shop --pid run/serve.pid --error-log log/serve.log nginx.conf',
        'fcgi-conf serve --check nginx.conf && kill -HUP $(cat run/serve.pid)'
      ) + serveSignals
    )
    .action(async (file: string, options: ServeCommandOptions) => {
      const { serveCommand } = await import('./serve.js')
      done(await serveCommand(file, options, io))
    })
}

function addRoute(program: Command, io: Io, done: Done): void {
  command(program, 'route <file> <method-or-url> [url]', 'say who answers a request, and with which params')
    .option('-H, --header <name:value>', 'a header of the request (repeatable)', collect, [])
    .option('--remote <address>', "the client's address", '127.0.0.1')
    .option('--json', 'print the decision as JSON')
    .option('--exists <path>', 'take a file to exist that is not there (repeatable)', collect, [])
    .option('--trace', 'print each step of the decision')
    .addHelpText(
      'after',
      example(
        'fcgi-conf route lighttpd.conf http://www.example.com/index.php/a?b=c',
        'fcgi-conf route nginx.conf POST /login'
      )
    )
    .action(async (file: string, first: string, second: string | undefined, options: RouteOptions) => {
      const { routeCommand } = await import('./route.js')
      const [method, url] = second === undefined ? ['GET', first] : [first, second]
      done(await routeCommand(file, method, url, options, io))
    })
}

function addIr(program: Command, io: Io, done: Done): void {
  command(program, 'ir [file]', 'print the model of a configuration as JSON')
    .option('--schema', "print the model's JSON Schema")
    .addHelpText(
      'after',
      example(
        'fcgi-conf ir nginx.conf > site.json',
        'fcgi-conf convert --to apache-fcgid site.json',
        'fcgi-conf ir --schema'
      )
    )
    .action(async (file: string | undefined, options: IrOptions) => {
      const { irCommand } = await import('./ir.js')
      done(await irCommand(file, options, io))
    })
}

function addConfig(program: Command, io: Io, done: Done): void {
  const config = program
    .command('config')
    .description('work with configuration files of fcgi-conf (.fcgi-conf.json and its kin)')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText(
      'after',
      example('fcgi-conf config init', 'fcgi-conf config print sites/shop.conf', 'fcgi-conf config validate')
    )
  const part = (usage: string, description: string): Command =>
    config
      .command(usage)
      .description(description)
      .helpOption('-h, --help', 'print this help')
      .option('--config <file>', 'the configuration file, where it is not to be looked for')
      .addOption(debug())
  part('init', 'write a .fcgi-conf.json to begin with').action(async () => {
    const { configInit } = await import('./config.js')
    done(configInit(io))
  })
  part('print <file>', 'print what holds for a file, and where that comes from').action(
    async (file: string, options: ConfigOptions) => {
      const { configPrint } = await import('./config.js')
      done(await configPrint(file, options, io))
    }
  )
  part('validate', 'say what is wrong with the configuration files that hold here').action(
    async (options: ConfigOptions) => {
      const { configValidate } = await import('./config.js')
      done(await configValidate(options, io))
    }
  )
  part('schema', 'print the JSON Schema of configuration files').action(async () => {
    const { configSchema } = await import('./config.js')
    done(await configSchema(io))
  })
}

function addRules(program: Command, io: Io, done: Done): void {
  program
    .command('rules')
    .description('list what lint looks for')
    .helpOption('-h, --help', 'print this help')
    .addOption(new Option('--format <format>', 'how').choices(['text', 'json']).default('text'))
    .addOption(debug())
    .addHelpText('after', example('fcgi-conf rules', 'fcgi-conf rules --format json'))
    .action(async (options: RulesOptions) => {
      const { rulesCommand } = await import('./rules.js')
      done(rulesCommand(options, io))
    })
}

function addExplain(program: Command, io: Io, done: Done): void {
  program
    .command('explain <code>')
    .description('explain a finding by its code, such as config/unknown-key')
    .helpOption('-h, --help', 'print this help')
    .addOption(debug())
    .addHelpText('after', example('fcgi-conf explain fastcgi/unsafe-sendfile'))
    .action(async (code: string) => {
      const { explainCommand } = await import('./explain.js')
      done(explainCommand(code, io))
    })
}

function addCompletion(program: Command, io: Io, done: Done): void {
  program
    .command('completion')
    .description('print a script that completes command lines in a shell')
    .helpOption('-h, --help', 'print this help')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addOption(debug())
    .addHelpText(
      'after',
      example(
        'fcgi-conf completion bash > ~/.local/share/bash-completion/completions/fcgi-conf',
        'fcgi-conf completion zsh > "${fpath[1]}/_fcgi-conf"',
        'fcgi-conf completion fish > ~/.config/fish/completions/fcgi-conf.fish'
      )
    )
    .action(async (shell: Shell) => {
      const { completionCommand } = await import('./completion/index.js')
      done(completionCommand(shell, program, io))
    })
}
