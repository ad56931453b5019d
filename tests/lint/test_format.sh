#!/bin/sh
# C files stand as .clang-format has them; versions of clang-format differ, so another than Debian 12's says nothing.
command -v clang-format >/dev/null && clang-format --version | grep -q 'version 14\.' || { echo "skipped: no clang-format 14"; exit 77; }
find src include tests bench fuzz -name '*.[ch]' -exec clang-format --dry-run -Werror {} + 2>&1 | grep error: && {
  echo "mend with: clang-format -i FILE"
  exit 1
}
echo "formatted"
