#!/usr/bin/env bash
# What the GitHub Action does (action.yml): gets the command, lints, and tells the outputs. Ends with lint's exit code.
set -euo pipefail

temporary=$(mktemp -d "${RUNNER_TEMP:-/tmp}/fcgi-conf.XXXXXX")
trap 'rm -rf "$temporary"' EXIT

if [ -n "${INPUT_VERSION:-}" ]; then
  npm install --silent --no-audit --no-fund --prefix "$temporary" "fcgi-conf@$INPUT_VERSION"
  command=("$temporary/node_modules/.bin/fcgi-conf")
else
  # A release of the action is the sources; they are built once on each runner.
  [ -e "$ACTION_PATH/dist/cli/main.js" ] || npm ci --silent --no-audit --no-fund --prefix "$ACTION_PATH"
  command=(node "$ACTION_PATH/bin/fcgi-conf.js")
fi

sarif=${INPUT_SARIF_FILE:-}
format=${INPUT_FORMAT:-}
read -r -a files <<<"$INPUT_FILES"
read -r -a args <<<"${INPUT_ARGS:-}"
options=(--fail-on "$INPUT_FAIL_ON" --format text --format github --format "json=$temporary/findings.json")
[ -z "$sarif" ] || options+=(--format "sarif=$sarif")
[ -z "$format" ] || options+=(--format "$format")

status=0
"${command[@]}" lint "${options[@]}" ${args[@]+"${args[@]}"} -- "${files[@]}" || status=$?

if [ -n "${GITHUB_OUTPUT:-}" ] && [ -e "$temporary/findings.json" ]; then
  {
    node -e 'const { summary } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
      console.log(`findings=${summary.error + summary.warning + summary.info}`)' "$temporary/findings.json"
    echo "sarif=$sarif"
    echo "report=${format#*=}"
  } >>"$GITHUB_OUTPUT"
fi
exit "$status"
