#!/usr/bin/env bash
# The installed tree works wherever it is put: moved after the installation, its program finds its model, and the C
# example builds against it by pkg-config and by CMake.
set -euo pipefail
program=$1
build=$(dirname "$program")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/first" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mv "$work/first" "$work/moved"
prefix=$work/moved
libdir=$(dirname "$(find "$prefix" -name 'libdeepstruc.so')")

# Run from elsewhere, so that nothing of the source tree is found by chance.
cp -r examples/c "$work/c" && cp examples/decahedron.gr "$work"
cd "$work"
model=$("$prefix/bin/deepstruc" solve decahedron.gr --print-settings | sed -n 's/^  "model": "\(.*\)",*$/\1/p')
[ "$(realpath "$model")" = "$prefix/share/deepstruc/models/default.safetensors" ] || { echo "model is '$model'"; exit 1; }

# shellcheck disable=SC2046
PKG_CONFIG_PATH=$libdir/pkgconfig; export PKG_CONFIG_PATH
[ "$(pkg-config --modversion deepstruc)" = "$("$prefix/bin/deepstruc" --version | sed -n '1s/deepstruc //p')" ]
sanitize=${DEEPSTRUC_SANITIZE:+-fsanitize=$DEEPSTRUC_SANITIZE}
cc -Wall -Wextra -Werror $sanitize c/solve.c $(pkg-config --cflags --libs deepstruc) -o by-pkg-config
cmake -S c -B cmake "-DCMAKE_PREFIX_PATH=$prefix" "-DCMAKE_C_FLAGS=$sanitize" >log 2>&1 && cmake --build cmake >>log 2>&1 || { cat log; exit 1; }
export LD_LIBRARY_PATH=$libdir
"$prefix/bin/deepstruc" build icosahedron --shells 2 --element Au -o small.xyz
"$prefix/bin/deepstruc" simulate small.xyz --rmax 9
cmake/solve small.gr >answer
sed -n 1,2p answer
grep -q '^1  Rw 0\.0.* icosahedron 2 ' answer

# The installed Python package finds the library from where it lies.
if [ -z "$sanitize" ] && /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
  python=$(env -u LD_LIBRARY_PATH PYTHONPATH="$prefix/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c '
import deepstruc; print(deepstruc.__file__, deepstruc.refine("small.gr", "small.xyz")[0].n_atoms)')
  [ "$python" = "$prefix/lib/python3/dist-packages/deepstruc/__init__.py 13" ] || { echo "Python says: $python"; exit 1; }
fi

# A failure carries the library's own text.
! ./by-pkg-config absent.gr 2>failure
grep -q '^absent.gr: ' failure
