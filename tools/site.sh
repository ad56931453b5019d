#!/usr/bin/env bash
# Builds the documentation into build/site (Debian: apt install mkdocs). Links are checked; a broken one fails.
# usage: tools/site.sh [PROGRAM]     PROGRAM prints the command line's reference; default build/release/deepstruc
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit ;; esac
cd "$(dirname "$0")/.."
program=${1:-build/release/deepstruc}
[ -x "$program" ] || { echo "site: no program at $program; build it, or name it" >&2; exit 1; }
[ -x /usr/bin/mkdocs ] || { echo "site: mkdocs is missing; apt install mkdocs" >&2; exit 1; }
source=build/site-source
rm -rf "$source" && mkdir -p "$source"
cp -r docs/. "$source"
mkdir "$source/models"
cp -r models/*.md models/splits "$source/models"
# The models' folder lies one level higher in the repository; what lies outside of both folders is text on the site.
sed -E -i -e 's#\(\.\./models/#(models/#g' -e 's#\[([^]]*)\]\(\.\./[^)]*\)#\1#g' "$source"/*.md
sed -E -i -e 's#\(\.\./\.\./models/#(../models/#g' -e 's#\[([^]]*)\]\(\.\./\.\./[^)]*\)#\1#g' "$source"/*/*.md
sed -i 's#(\.\./docs/#(../#g' "$source"/models/*.md
tools/site_reference.py "$program" "$source/reference"
/usr/bin/mkdocs build --quiet --clean
echo "build/site/index.html"
