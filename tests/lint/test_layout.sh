#!/bin/sh
# The table that other languages' bindings read is that of the public headers.
exec tools/layout.py --check
