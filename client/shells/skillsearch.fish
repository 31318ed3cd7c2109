# skillsearch.fish - completion for fish. `skillsearch complete` finds the candidates.

function __skillsearch_complete
    set -l words (commandline -opc)
    set -l word (string replace -ra '^[\'"]|\\\\' '' -- (commandline -ct))
    set -l helper skillsearch
    string match -q '*/*' -- $words[1]; and set helper (string replace -r '[^/]*$' skillsearch -- $words[1])
    set -l lines ($helper complete -- $words "$word" 2>/dev/null)
    set -l option (string match -r '^--[^=]*=' -- $word)
    switch "$lines[1]"
        case :files
            for path in (__fish_complete_path (string replace -r '^--[^=]*=' '' -- $word))
                echo -- "$option$path"
            end
        case :folders
            for path in (__fish_complete_directories (string replace -r '^--[^=]*=' '' -- $word))
                echo -- "$option$path"
            end
        case '*'
            printf '%s\n' $lines
    end
end

for program in skillsearch skillsearch-index skillsearchd skillsearch-http skillsearch-vectors
    complete -c $program -f -a '(__skillsearch_complete)'
end
