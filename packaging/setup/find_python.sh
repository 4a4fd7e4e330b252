# Sourced by ./run and ./test: finds the root of the house and a Python that can set it up.
root="$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)"

python=""
for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    echo "Pitboss needs Python 3.11 or newer, and found none on the PATH ($(python3 --version 2>&1 || true))." >&2
    echo "Install it and start again; on Debian and Ubuntu: sudo apt-get install python3 python3-pip" >&2
    exit 3
fi
