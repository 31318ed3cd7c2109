# skillsearch.bash - completion for bash. `skillsearch complete` finds the candidates.

_skillsearch ()
{
    local program=$1 replaced=$2 helper=skillsearch line text quoted
    local -a lines
    [[ $program == */* ]] && helper=${program%/*}/skillsearch
    COMPREPLY=()
    mapfile -t lines < <("$helper" complete --line "${COMP_LINE:0:COMP_POINT}" -- "$replaced" 2>/dev/null)
    case ${lines[0]-} in
    :files) compopt -o default && return ;;
    :folders) compopt -o dirnames && return ;;
    esac
    # Only while candidates are listed (63: a second Tab), each is shown with its meaning.
    if [[ $COMP_TYPE == 63 && ${#lines[@]} -gt 1 ]]; then
        for line in "${lines[@]}"; do
            text=${line%%$'\t'*}
            [[ $line == *$'\t'* ]] && text+="  (${line#*$'\t'})"
            COMPREPLY+=("${text:0:${COLUMNS:-80}-1}")
        done
        return
    fi
    for line in "${lines[@]}"; do
        text=${line%%$'\t'*}
        # Inside quotation marks readline closes them itself.
        case ${COMP_WORDS[COMP_CWORD]} in
        [\'\"]*) quoted=$text ;;
        *) printf -v quoted %q "$text" ;;
        esac
        COMPREPLY+=("$quoted")
    done
}

complete -o nosort -F _skillsearch skillsearch skillsearch-index skillsearchd skillsearch-http skillsearch-vectors
