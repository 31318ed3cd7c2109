# skillsearch.bash - completion for bash.
#
# Options, their values and the commands come from `skillsearch --list-options`,
# so this file knows none of them. A line there is: name, kind, values.

_skillsearch ()
{
    local current=$2 previous=$3 list name kind values words=""
    local command=${COMP_WORDS[0]} before="" start=0
    COMPREPLY=()
    list=$("$command" --list-options 2>/dev/null) || return 0

    # bash takes "=", ":" and "," for separators or not, as it is set up: with
    # "--level=em" the word is "em" after a word "=".
    if [[ $current == "=" ]]; then
        current=
    elif [[ $previous == "=" ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    while read -r name kind values; do
        if [[ $name == "$previous" && $kind == value ]]; then
            # In a list only the part after the last comma is open.
            if [[ $current == *,* ]]; then
                before=${current%,*},
                current=${current##*,}
            fi
            mapfile -t COMPREPLY < <(compgen -P "$before" -W "$values" -- "$current")
            return 0
        fi
    done <<< "$list"

    for ((; start < COMP_CWORD; start++)); do
        [[ ${COMP_WORDS[start]} == -- ]] && return 0
    done
    while read -r name kind values; do
        if [[ $current == -* && $kind != command ]]; then
            words+=" $name"
        elif [[ $current != -* && $kind == command && $COMP_CWORD -eq 1 ]]; then
            words+=" $name"
        fi
    done <<< "$list"
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _skillsearch skillsearch
