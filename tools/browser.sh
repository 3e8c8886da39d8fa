#!/bin/sh
# Sees to it that the browser tests find Chromium and a Chinese font: installs Debian's as root, otherwise says what is missing.
set -u
there() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || [ -n "${ANHUAN_CHROMIUM:-}" ]; }
chinese() { ! command -v fc-list >/dev/null 2>&1 || [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }
there && chinese && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing Chromium and a Chinese font for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-wqy-microhei; } >"$log" 2>&1 || tail -n 5 "$log" >&2
  rm -f "$log"
fi
there || echo "No Chromium: tests/browser will fail. Install it (Debian: apt-get install chromium fonts-wqy-microhei) or name it in ANHUAN_CHROMIUM." >&2
exit 0
