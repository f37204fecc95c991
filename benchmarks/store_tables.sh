#!/bin/sh
# Flies every deck of the benchmark and stores its digests and its numbers of operations: `make bench-tables`, after a
# deck or ZEM_KERNEL_VERSION has changed. Usage: store_tables.sh ZEM OPERATIONS FOLDER. ZEM is the program, OPERATIONS
# the program that counts operations, and FOLDER has the decks and gets the tables. Each deck is flown twice, with the
# best instruction set and with the scalar engine, and nothing is stored unless both agree. The deck "large", which
# differs from "standard" only in its number of cells, is flown once.
set -eu

zem=$1 operations=$2 folder=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
kernel=$("$zem" --version | sed -n 's/.*kernel version \([0-9]*\).*/\1/p')

# digests DECK [OPTION...]: prints both digests of a run.
digests() {
    deck=$1
    shift
    "$zem" run "$folder/$deck.yaml" -o "$scratch/$deck.h5" --force --device openmp --quiet --json "$@" |
        sed 's/.*"digest":"\([0-9a-f]*\)".*"miss_digest":"\([0-9a-f]*\)".*/\1 \2/'
}

{
    echo "# Written by \`make bench-tables\` (benchmarks/store_tables.sh): what a deck has to give, on every device."
    echo "# deck version kernel digest miss_digest"
    for file in "$folder"/*.yaml; do
        deck=$(basename "$file" .yaml)
        version=$(sed -n 's/^title:.* version \([0-9]*\).*/\1/p' "$file")
        echo "store_tables: $deck" >&2
        fast=$(digests "$deck")
        if [ "$deck" != large ] && [ "$(digests "$deck" --isa scalar)" != "$fast" ]; then
            echo "store_tables: $deck: the scalar engine gives other digests; nothing is stored" >&2
            exit 1
        fi
        echo "$deck $version $kernel $fast"
    done
} >"$scratch/digests.txt"
"$operations" >"$scratch/operations.txt"
cp "$scratch/digests.txt" "$scratch/operations.txt" "$folder"
