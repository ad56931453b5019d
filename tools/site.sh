#!/usr/bin/env bash
# Builds the documentation into build/site (Debian: apt install mkdocs). Links are checked; a broken one fails.
# usage: tools/site.sh [PROGRAM]     PROGRAM prints the command line's reference; default build/release/deepstruc
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/release/deepstruc}
[ -x "$program" ] || { echo "site: no program at $program; build it, or name it" >&2; exit 1; }
[ -x /usr/bin/mkdocs ] || { echo "site: mkdocs is missing; apt install mkdocs" >&2; exit 1; }
source=build/site-source
rm -rf "$source" && mkdir -p "$source"
cp -r docs/. "$source"
mkdir "$source/models"
cp models/*.md "$source/models"
sed -i 's#(\.\./models/#(models/#' "$source"/*.md # the same places, seen from the site
sed -i 's#(\.\./\.\./models/#(../models/#' "$source"/*/*.md
sed -i 's#(\.\./docs/#(../#' "$source"/models/*.md
tools/site_reference.py "$program" "$source/reference"
/usr/bin/mkdocs build --quiet --clean
echo "build/site/index.html"
