# Turns an OpenCL file into a C file that holds its text as the array zem_embedded_kernels. The first #include "name" of
# a file is replaced by the text of that file, which is in the same folder; further ones become empty lines. #line
# directives make the messages of a device's compiler name the files of kernels/ and their lines.
# POSIX awk: awk -f c_literal.awk -f embed_kernels.awk kernels/engage.cl > embedded_kernels.c

function literal(text)
{
    print "    " c_literal(text)
}

function embed(path,    line, number, name, status)
{
    literal("#line 1 \"" path "\"")
    number = 0
    while ((status = (getline line < path)) > 0) {
        number++
        if (line !~ /^[ \t]*#[ \t]*include[ \t]+"/) {
            literal(line)
            continue
        }
        name = line
        sub(/^[^"]*"/, "", name)
        sub(/".*$/, "", name)
        if (name in seen) {
            literal("")
            continue
        }
        seen[name] = 1
        embed(folder name)
        literal("#line " (number + 1) " \"" path "\"")
    }
    if (status < 0) {
        print "embed_kernels.awk: cannot read " path > "/dev/stderr"
        failed = 1
        exit 1
    }
    close(path)
}

BEGIN {
    source = ARGV[1]
    folder = source
    sub(/[^\/]*$/, "", folder)
    name = source
    sub(/^.*\//, "", name)
    seen[name] = 1
    print "/* Written by embed_kernels.awk from " source "; do not edit. */"
    print "#include \"device/opencl/embedded_kernels.h\"\n"
    print "const char zem_embedded_kernels[] ="
    embed(source)
    print "    \"\";"
    exit failed
}
