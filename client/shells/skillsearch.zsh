#compdef skillsearch skillsearch-index skillsearchd skillsearch-http skillsearch-vectors
# skillsearch.zsh - completion for zsh. `skillsearch complete` finds the candidates.

_skillsearch () {
    local helper=skillsearch line
    local -a lines values shown
    [[ $words[1] == */* ]] && helper=${words[1]:h}/skillsearch
    lines=("${(@f)$($helper complete -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    case $lines[1] in
    :files | :folders)
        [[ $PREFIX == --*=* ]] && compset -P '*='
        [[ $lines[1] == :files ]] && _files || _files -/
        return
        ;;
    esac
    for line in $lines; do
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    # -U: labels are found in any letter case, and the order of levels stays.
    (( $#values )) && compadd -U -l -V skillsearch -d shown -a values
}

_skillsearch "$@"
