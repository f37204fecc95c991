"""The kernels of the decks take no more vector registers on AMD GPUs than benchmarks/README.md states, and keep nothing
in scratch memory. clang 14 compiles them; other versions take other numbers of registers. Uses $ZEM and $SCRATCH.
Prints "ok NAME", "not ok NAME: why" or "skip NAME: reason"."""
import os
import re
import subprocess
import sys

from python.expect import ZEM, check, skip, verdict

sys.path.insert(0, "benchmarks")
import amd_registers  # noqa: E402  (in the folder of the line above)


def limits():
    """Returns the vector registers that the table of benchmarks/README.md states for each deck and GPU."""
    with open("benchmarks/README.md", encoding="utf-8") as file:
        rows = re.findall(r"^\| ([\w-]+) \| (gfx\w+) \| \d+ \| (\d+) \|", file.read(), re.M)
    return {(deck, target): int(registers) for deck, target, registers in rows}


def main():
    try:
        clang = amd_registers.find_clang(versions=("14",))
    except amd_registers.Missing:
        skip("amd_registers", "no clang-14 that has the target amdgcn")
        return
    stated = limits()
    for deck, flags in amd_registers.deck_flags(ZEM).items():
        for target in amd_registers.TARGETS:
            name, out = f"{deck}_on_{target}", f"{os.environ['SCRATCH']}/{deck}-{target}.s"
            try:
                vector, _, spilled, _, scratch = amd_registers.count(clang, target, flags, out)
            except (ValueError, subprocess.CalledProcessError) as error:
                verdict(name, f"{error} {getattr(error, 'stderr', None) or ''}".replace("\n", " "))
                continue
            bound = stated.get((deck, target), 0)
            check(name, vector <= bound and spilled == 0 and scratch == 0,
                  f"{vector} vector registers, {bound} allowed; {spilled} spilled, {scratch} bytes of scratch")


main()
