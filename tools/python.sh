#!/bin/sh
# Makes the virtual environment $1 with the first Python on PATH that is 3.11 or newer and can make one.
# A name on PATH proves nothing (version managers leave names that do not run), so each is tried.
set -eu
venv=$1
for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
  if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    "$name" -m venv --clear "$venv"
    exit 0
  fi
done
echo "Anhuan needs Python 3.11 or newer that can make virtual environments, and found none on PATH." >&2
echo "On Debian or Ubuntu: apt-get install python3 python3-venv. Then run make again." >&2
exit 1
