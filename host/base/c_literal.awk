# What the scripts share that put text files into the program. Used as: awk -f host/base/c_literal.awk -f SCRIPT ...

# A line of text as a C string literal with its newline. Question marks are escaped because of trigraphs.
function c_literal(text)
{
    gsub(/[\\"?]/, "\\\\&", text)
    return "\"" text "\\n\""
}
