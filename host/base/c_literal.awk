# A function for the scripts that put text files into the program. Used as: awk -f host/base/c_literal.awk -f SCRIPT ...

# Returns a line of text as a C string literal that ends in a newline. Question marks are escaped, because two of them
# may begin a trigraph.
function c_literal(text)
{
    gsub(/[\\"?]/, "\\\\&", text)
    return "\"" text "\\n\""
}
