# coverage.awk: gcovr's table of files (--csv) -> one line per folder and one of core, which
# must have 90 % of its lines run.
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
        core_total += $2
        core_run += $3
    }
}
END {
    for (folder in total)
        printf "%-14s %5.1f %% of %d lines\n", folder, 100 * run[folder] / total[folder], total[folder] | "sort"
    close ("sort")
    printf "%-14s %5.1f %% of %d lines, at least 90 %%\n", "core", core_total ? 100 * core_run / core_total : 0, core_total
    exit failed || core_run < 0.9 * core_total || !core_total
}
