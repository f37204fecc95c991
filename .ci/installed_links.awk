# Prints a Markdown page for an installation: a link to a file that is not installed becomes its text alone. Run in the
# folder of the installed page, after all other files are there.
# POSIX awk: awk -f installed_links.awk README.md > README.md.new

function is_there(path,    line, status)
{
    sub(/#.*$/, "", path)
    if (path == "" || path ~ /:/)
        return 1
    status = (getline line < path)
    close(path)
    return status >= 0
}

BEGIN { RS = "\001" }

{
    rest = $0
    while (match(rest, /\[[^][]*\]\([^()]*\)/)) {
        link = substr(rest, RSTART, RLENGTH)
        text = target = link
        sub(/\]\([^()]*\)$/, "", text)
        sub(/^\[[^][]*\]\(/, "", target)
        sub(/\)$/, "", target)
        printf "%s%s", substr(rest, 1, RSTART - 1), is_there(target) ? link : substr(text, 2)
        rest = substr(rest, RSTART + RLENGTH)
    }
    printf "%s", rest
}
