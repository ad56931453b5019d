#!/bin/sh
# The site is built without a warning, with the reference of every command, the Python calls and the C functions in it.
set -eu
if [ ! -x /usr/bin/mkdocs ]; then
  echo "skipped: no mkdocs (apt install mkdocs)"
  exit 77
fi
tools/site.sh "$1"
grep -q -e '--max-atoms' build/site/reference/cli.html
grep -q 'id="solve"' build/site/reference/cli.html
grep -q 'id="simulate"' build/site/reference/python.html
grep -q 'deepstruc_pdf_simulate' build/site/reference/c.html
! grep -rl 'https\?://[^"]*\.\(js\|css\)"' build/site --include=*.html # nothing is fetched from elsewhere
