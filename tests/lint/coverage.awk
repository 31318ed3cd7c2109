# coverage.awk: gcovr's table of files (--csv) -> one line per folder, and those that must have 90 % of their lines run:
# all of core, the command, and its screen.
BEGIN { least = 0.9 }
NR == 1 {
    if ($1 != "filename" || $2 != "line_total" || $3 != "line_covered")
        failed = 1
    next
}
{
    folder = $1
    sub ("/[^/]*$", "", folder)
    total[folder] += $2
    run[folder] += $3
    if (folder ~ /^core\//) {
        total["core"] += $2
        run["core"] += $3
    }
}
END {
    required["core"] = required["client"] = required["client/browse"] = 1
    for (folder in required)
        if (!total[folder] || run[folder] < least * total[folder])
            failed = 1
    for (folder in total)
        if (total[folder])
            printf "%-14s %5.1f %% of %d lines%s\n", folder, 100 * run[folder] / total[folder], total[folder], \
                folder in required ? ", at least 90 %" : "" | "sort"
    close ("sort")
    exit failed
}
