# Turns the benchmark's decks and their tables into a C file that holds them as zem_bench_decks, in the order of the
# arguments.
# POSIX awk: awk -f c_literal.awk -f embed_decks.awk digests.txt operations.txt small.yaml ... > embedded_decks.c

function fail(text)
{
    print "embed_decks.awk: " text > "/dev/stderr"
    failed = 1
    exit 1
}

# Reads a table into rows[name], which gets the version of the deck (column 2), and rows[name, k], which gets column k.
# A line whose version is not that of the deck's file is not used.
function read_table(path, columns, rows,    line, part, count, k)
{
    while ((getline line < path) > 0) {
        if (line ~ /^#/ || line ~ /^[ \t]*$/)
            continue
        count = split(line, part, /[ \t]+/)
        if (count != columns)
            fail(path ": " columns " columns are needed: " line)
        rows[part[1]] = part[2]
        for (k = 3; k <= columns; k++)
            rows[part[1], k] = part[k]
    }
    close(path)
}

function deck(path,    line, name, version, text, status)
{
    name = path
    sub(/^.*\//, "", name)
    sub(/\.yaml$/, "", name)
    while ((status = (getline line < path)) > 0) {
        if (line ~ /^title:.*Benchmark deck/) {
            version = line
            sub(/^.* version /, "", version)
            sub(/[^0-9].*$/, "", version)
        }
        text = text "        " c_literal(line) "\n"
    }
    if (status < 0)
        fail("cannot read " path)
    close(path)
    if (version == "")
        fail(path ": its title names no version")
    print "    {.name = \"" name "\",\n     .version = " version ","
    if (name in digests && digests[name] == version)
        print "     .digest_kernel = " digests[name, 3] ", .digest = \"" digests[name, 4] "\", .miss_digest = \"" \
              digests[name, 5] "\","
    else
        print "     .digest = \"\", .miss_digest = \"\","
    if (name in operations && operations[name] == version)
        print "     .operations_kernel = " operations[name, 3] ", .steps = " operations[name, 4] ", .flops = " \
              operations[name, 5] ", .operations = " operations[name, 6] ", .efficiency = {" \
              operations[name, 7] ", " operations[name, 8] ", " operations[name, 9] ", " operations[name, 10] "},"
    printf "     .text =\n%s    },\n", text
}

BEGIN {
    read_table(ARGV[1], 5, digests)
    read_table(ARGV[2], 10, operations)
    print "/* Written by embed_decks.awk from benchmarks/decks/; do not edit. */"
    print "#include \"bench/bench_deck.h\"\n"
    print "const struct zem_bench_deck zem_bench_decks[] = {"
    for (k = 3; k < ARGC; k++)
        deck(ARGV[k])
    print "    {0},\n};"
    exit failed
}
