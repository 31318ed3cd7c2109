#!/bin/bash
# html.sh: only gateway/page/html.c writes HTML, and pages contain nothing that their content security policy forbids.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
pages=$(git ls-files 'gateway/page/*.c' 2>/dev/null)
[ -n "$pages" ] || pages=$(ls gateway/page/*.c)
verdict "pages are found" "$([ "$(echo "$pages" | wc -l)" -ge 5 ] || echo "$pages")"
verdict "only html.c accesses the bytes of a page" \
    "$(grep -nE '(\.|->)bytes\b' gateway/*.c gateway/*/*.c | grep -vE '^gateway/(page/html|http/metrics|api/export)\.c')"
verdict "only html_put calls html_write" "$(grep -nE 'html_write' gateway/*.c gateway/*/*.c | grep -vE '^gateway/page/html\.c')"
# Markup in a string that is not the format of html_put or html_write.
verdict "no other function receives markup" \
    "$(echo "$pages" | xargs grep -nE '(gw_bytes_[a-z]+|snprintf|printf|strcat|strcpy|memcpy) \([^;]*"[^"]*<' || true)"
verdict "no markup contains inline styles, handlers or scripts" \
    "$(echo "$pages" | xargs grep -niE '[ "]style=|[ "]on[a-z]+=\\|<style|javascript:|<script(>| [^s])' || true)"
verdict "values of attributes are in double quotes" \
    "$(echo "$pages" | xargs grep -nE "[a-z]=('|%|[a-z0-9]+[ >])" | grep 'html_put' | grep -vE 'name=|\?[a-z]+=' || true)"
verdict "the script has at most 6 KB" "$([ "$(wc -c <gateway/page/page.js)" -le 6144 ] || wc -c gateway/page/page.js)"
verdict "script and style name no other host" "$(grep -nE 'https?:|//[a-z]+\.' gateway/page/page.js gateway/page/page.css || true)"
verdict "the script writes no markup" "$(grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(' gateway/page/page.js || true)"
tally
