#!/bin/sh
# schemas.sh FILE...: JSON Schemas of the protocol as schemas.c.
#
# Each file becomes a member of "components/schemas", and its references lead
# there. "v" and "id" belong to the protocol and are left out, because HTTP bodies lack them. Of request.json, only
# the definitions are used. The script relies on the layout of the files: each of these members has one line.
set -eu
separator='{'
echo '/* Made by schemas.sh from docs/schema/. */'
echo '#include "gateway/api/schemas.h"'
echo 'const char gw_schemas[] ='
for file; do
    name=$(basename "$file" .json)
    printf '"%s\\"%s\\":"\n' "$separator" "$name"
    separator=,
    case $name in
    request) sed -n '1p; /^  "\$defs"/,$p' "$file" ;;
    *) sed -e '/^    "\(v\|id\)": {.*},$/d' -e '/^  "required"/s/"v", //' "$file" ;;
    esac | sed -e '/^  "\$\(id\|schema\)":/d' -e "s|\"#/|\"#/components/schemas/$name/|g" \
        -e 's/^ *//' -e 's/[\\"]/\\&/g' -e 's/.*/"&"/'
done
echo '"}";'
