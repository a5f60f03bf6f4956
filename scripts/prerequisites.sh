#!/bin/sh
# Says in words what is missing before anything is installed.
python="${1:-python3}"
missing=""
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || missing="$missing
  Python 3.11 or newer, as '$python'       (Debian: apt install python3)"
"$python" -c 'import venv, ensurepip' 2>/dev/null || missing="$missing
  Python's venv                            (Debian: apt install python3-venv)"
node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null || missing="$missing
  Node 18 or newer, as 'node'              (Debian: apt install nodejs)"
command -v npm >/dev/null 2>&1 || missing="$missing
  npm                                      (Debian: apt install npm)"
if [ -n "$missing" ]; then
  echo "Beeldkluis cannot be set up yet. Missing:$missing" >&2
  exit 1
fi
