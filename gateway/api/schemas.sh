#!/bin/sh
# schemas.sh FILE...: JSON Schemas of the protocol as schemas.c.
#
# Each file becomes a member of "components/schemas", and its references lead
# there. "v" and "id" are the protocol's and not in bodies of HTTP; of request.json
# the definitions are used alone. It counts on the layout of the files: a member of
# the root has one line.
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
