# What the tests of ranks share: a work folder, N ranks on this machine, and a skip where there is no mpirun.
set -euo pipefail
program=$(realpath "$1")
source_folder=$PWD
command -v mpirun > /dev/null || { echo "skipped: no mpirun"; exit 77; }
case $program in *ranks) ;; *) "$program" --version | grep -q MPI || { echo "skipped: built without MPI"; exit 77; } ;; esac
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export OMP_NUM_THREADS=1
# MPI keeps memory to the end that LeakSanitizer takes for lost.
export ASAN_OPTIONS=detect_leaks=0
fail() { echo "$1"; cat err 2>/dev/null; exit 1; }
ranks() { # N ARGS...
  local n=$1
  shift
  mpirun --allow-run-as-root --oversubscribe --bind-to none -q -n "$n" "$program" "$@"
}
process_of() { # RANK OUTPUT: the process of this rank that trains OUTPUT
  for pid in $(pgrep -f "train $data -o $2 "); do
    if tr '\0' '\n' < "/proc/$pid/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$1"; then echo "$pid"; fi
  done 2> /dev/null
}
