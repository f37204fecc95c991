# Turns the files of a page of `zem report` (style sheet, scripts, HTML) into a C file that has their texts as
# zem_page_files, in the order of the arguments. POSIX awk:
#     awk -f c_literal.awk -f embed_page.awk host/view/page.css ... > embedded_page.c

function page_file(path,    line, name, text, status)
{
    name = path
    sub(/^.*\//, "", name)
    while ((status = (getline line < path)) > 0)
        text = text "     " c_literal(line) "\n"
    close(path)
    if (status < 0 || text == "") {
        print "embed_page.awk: " path ": cannot be read, or is empty" > "/dev/stderr"
        failed = 1
        exit 1
    }
    printf "    {\"%s\",\n%s    },\n", name, text
}

BEGIN {
    print "/* Written by embed_page.awk from host/view/; do not edit. */"
    print "#include \"view/page_file.h\"\n"
    print "const struct zem_page_file zem_page_files[] = {"
    for (k = 1; k < ARGC; k++)
        page_file(ARGV[k])
    print "    {0},\n};"
    exit failed
}
