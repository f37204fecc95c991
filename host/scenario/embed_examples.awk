# Turns the scenarios of models/ into a C file that holds them as zem_examples, in the order of the arguments.
# POSIX awk: awk -f c_literal.awk -f embed_examples.awk models/step.yaml models/weave.yaml ... > embedded_examples.c

function example(path,    line, file, name, title, text, status)
{
    file = name = path
    sub(/^.*\//, "", file)
    sub(/^.*\//, "", name)
    sub(/\.yaml$/, "", name)
    while ((status = (getline line < path)) > 0) {
        if (line ~ /^title: /)
            title = substr(line, 8)
        text = text "     " c_literal(line) "\n"
    }
    close(path)
    if (status < 0 || title == "") {
        print "embed_examples.awk: " path ": cannot be read, or has no line \"title: TEXT\"" > "/dev/stderr"
        failed = 1
        exit 1
    }
    gsub(/[\\"?]/, "\\\\&", title)
    printf "    {\"%s\", \"%s\", \"%s\",\n%s    },\n", name, file, title, text
}

BEGIN {
    print "/* Written by embed_examples.awk from models/; do not edit. */"
    print "#include \"scenario/example.h\"\n"
    print "const struct zem_example zem_examples[] = {"
    for (k = 1; k < ARGC; k++)
        example(ARGV[k])
    print "    {0},\n};"
    exit failed
}
