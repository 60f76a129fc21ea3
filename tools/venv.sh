#!/bin/sh
# Make the virtual environment that the Makefile works in: tools/venv.sh FOLDER [PYTHON]
# Without PYTHON, takes the newest suitable one that it finds.
set -eu

folder=$1
wanted=${2:-}

# Ask the interpreter itself: a name on the path may be a shim with nothing behind it.
answers() { "$1" -c "$2" >/dev/null 2>&1; }
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
has_venv='import ensurepip, venv'

if answers "$folder/bin/python" "$new_enough" && answers "$folder/bin/python" 'import pip'; then
    exit 0
fi

python=
without_venv=
for name in ${wanted:-python3.14 python3.13 python3.12 python3.11 python3 python}; do
    answers "$name" "$new_enough" || continue
    if answers "$name" "$has_venv"; then
        python=$name
        break
    fi
    without_venv=${without_venv:-$name}
done

if [ -z "$python" ] && [ -n "$without_venv" ]; then
    version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $version is here, but without its venv module." >&2
    echo "On Debian or Ubuntu: sudo apt-get install python$version-venv" >&2
    exit 1
fi
if [ -z "$python" ]; then
    found=$({ "${wanted:-python3}" --version 2>/dev/null || echo none; } | head -n 1)
    echo "Minority Stake needs Python 3.11 or newer; found: $found." >&2
    echo "Install one from python.org or your system's packages, or name one: make PYTHON=/path/to/python3" >&2
    exit 1
fi

echo "Making $folder with $("$python" --version)."
"$python" -m venv --clear "$folder"
