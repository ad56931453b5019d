#!/usr/bin/env bash
# Completion and manual name every option that --help names, and are what their readers accept.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

commands=$("$program" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 10 ]
for form in bash zsh fish man markdown; do
  "$program" options "$form" >"$work/$form"
  sed 's/\\-/-/g' "$work/$form" >"$work/plain"
  for command in $commands; do
    grep -q "\b$command\b" "$work/$form" || { echo "$form does not know $command"; exit 1; }
    for option in $("$program" "$command" --help | sed -n 's/^  --\([a-z0-9-]*\).*/\1/p'); do
      grep -qE -e "(--|-l )$option\b" "$work/plain" || { echo "$form lacks --$option of $command"; exit 1; }
    done
  done
done

# bash completes: commands first, then the command's own options, then files.
complete_words() { # words... ; the last is being typed
  bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _deepstruc; printf "%s\n" "${COMPREPLY[@]}"' "$work/bash" "$@"
}
[ "$(complete_words deepstruc sol)" = solve ]
[ "$(complete_words deepstruc build --sh)" = --shells ]
[ "$(complete_words deepstruc train --ste)" = --steps ]
complete_words deepstruc solve "$work/ma" | grep -q "$work/man"

for shell in zsh fish; do
  if command -v $shell >/dev/null; then $shell -n "$work/$shell"; fi
done
if command -v groff >/dev/null; then
  warnings=$(groff -ww -man -Kutf8 -Tutf8 -z "$work/man" 2>&1)
  [ -z "$warnings" ] || { echo "$warnings"; exit 1; }
fi

! "$program" options csh 2>"$work/error"
grep -q "no form" "$work/error"
