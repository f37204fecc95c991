#!/bin/sh
# Measures zem and its peers, which compute the same deck by other means, side by side: `make peers`. Usage:
# peers/run.sh ZEM FOLDER ENSEMBLE, from the top folder. ENSEMBLE is the program that ensemble.c gives. The script
# installs g++ and Boost on Debian and Ubuntu if they are missing, and numba, numpy and JAX into a virtual environment
# in FOLDER. It then compiles the peers into FOLDER.
set -eu

zem=$1 folder=$2 ensemble=$3
here=benchmarks/peers
mkdir -p "$folder"
say() { echo "peers: $*" >&2; }

have_boost() {
    printf '#include <boost/numeric/odeint.hpp>\nint main(){}\n' | "${CXX:-g++}" -x c++ -fsyntax-only - 2>/dev/null
}
if ! have_boost; then
    if [ "$(id -u)" -eq 0 ]; then as_root=; else as_root="sudo -n"; fi
    say "installing g++ and libboost-dev"
    { $as_root apt-get -q update && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y install --no-install-recommends g++ libboost-dev; } >&2 </dev/null || true
    have_boost || { say "C++ and Boost are needed: apt install g++ libboost-dev"; exit 1; }
fi
python=
for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$candidate" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { say "Python 3.10 or later with venv is needed: apt install python3-venv"; exit 1; }
if ! "$folder/venv/bin/python" -c 'import numba, numpy, jax' 2>/dev/null; then
    say "installing numba, numpy and JAX into $folder/venv"
    "$python" -m venv "$folder/venv"
    "$folder/venv/bin/pip" install -q 'numpy>=1.26,<3' 'numba>=0.59,<1' 'jax[cpu]>=0.4.26,<1' >&2
fi

say "compiling"
"${CC:-gcc}" -O3 -march=native -fopenmp -o "$folder/plain" "$here/plain.c" -lm
"${CXX:-g++}" -O3 -march=native -fopenmp -o "$folder/odeint" "$here/odeint.cpp"
cp "$ensemble" "$folder/ensemble"
exec "$folder/venv/bin/python" "$here/run.py" "$zem" "$folder"
