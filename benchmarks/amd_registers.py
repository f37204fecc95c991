#!/usr/bin/env python3
"""Counts the registers that the kernels of each deck take on AMD GPUs, without a GPU. Usage: amd_registers.py ZEM
FOLDER [DECK...], from the top folder; without DECK those of DECKS. gpu_report.py and
tests/amd_registers_test.py call its functions.

clang compiles kernels/engage.cl to assembly with the options of the OpenCL backend and with amd_builtins.h in place of
a library of OpenCL functions. A call to a function that is not defined would spoil the counts: the compiler reserves
registers for it, so the kernel must not contain any call. The compilers of AMD's own drivers are later versions of
clang and may take fewer registers."""
import re
import shutil
import subprocess
import sys

TARGETS = ("gfx906", "gfx90a", "gfx1030")
DECKS = ("standard", "salvo", "point-mass", "kalman")
KERNEL = "engage"
HEADINGS = ("vector registers", "scalar registers", "spilled vector registers", "spilled scalar registers",
            "scratch bytes")


class Missing(Exception):
    """There is no clang for AMD GPUs."""


def find_clang(versions=("14", "15", "16", "17", "18", "19")):
    """Returns the first clang-N that has the target amdgcn."""
    for version in versions:
        clang = shutil.which(f"clang-{version}")
        if clang:
            targets = subprocess.run([clang, "--print-targets"], capture_output=True, text=True, check=False).stdout
            if re.search(r"^\s*amdgcn\s", targets, re.M):
                return clang
    raise Missing("no clang-14 to clang-19 that has the target amdgcn")


def deck_flags(zem, decks=DECKS):
    """Returns the options with which the OpenCL backend compiles each deck."""
    listed = subprocess.run([zem, "bench", "--kernel-flags", "--deck", "all"], capture_output=True, text=True,
                            check=True).stdout
    flags = {line.split(None, 3)[0]: line.split(None, 3)[3] for line in listed.splitlines()}
    return {deck: flags[deck].replace("-D ", "-D").split() for deck in decks}


def counts_of(assembly):
    """Returns the numbers of HEADINGS from the notes that the compiler writes about the kernel."""
    body = assembly[assembly.index(f"\n{KERNEL}:"):]
    if re.search(r"^\ts_swappc_b64", body[:body.index(".end_amdhsa_kernel")], re.M):
        raise ValueError("the kernel calls a function that amd_builtins.h lacks")
    notes = next(notes for notes in re.split(r"^  - ", assembly[assembly.index("amdhsa.kernels:"):], flags=re.M)
                 if re.search(rf"\.name:\s+{KERNEL}$", notes, re.M))
    keys = ("vgpr_count", "sgpr_count", "vgpr_spill_count", "sgpr_spill_count", "private_segment_fixed_size")
    return tuple(int(re.search(rf"\.{key}:\s+(\d+)", notes).group(1)) for key in keys)


def count(clang, target, flags, out):
    """Compiles a deck for a GPU and returns the numbers of HEADINGS."""
    command = [clang, "-x", "cl", "-target", "amdgcn-amd-amdhsa", f"-mcpu={target}", "-nogpulib", "-O3",
               "-ffp-contract=off", *flags, "-Xclang", "-finclude-default-header", "-include",
               "benchmarks/amd_builtins.h", "-S", "-o", out, "kernels/engage.cl"]
    subprocess.run(command, capture_output=True, text=True, check=True)
    with open(out, encoding="utf-8") as file:
        return counts_of(file.read())


def table_print(clang, zem, folder, decks=DECKS):
    """Prints the counts of the decks and returns them as a list of dictionaries."""
    rows = []
    print(f"{'deck':<11} {'GPU':<8} " + " ".join(f"{heading:>24}" for heading in HEADINGS))
    for deck, flags in deck_flags(zem, decks).items():
        for target in TARGETS:
            counts = count(clang, target, flags, f"{folder}/{deck}-{target}.s")
            print(f"{deck:<11} {target:<8} " + " ".join(f"{number:>24}" for number in counts))
            rows.append({"deck": deck, "target": target, **dict(zip(HEADINGS, counts))})
    print("spilled scalar registers go to lanes of a vector register, not to memory")
    return rows


def main():
    zem, folder = sys.argv[1:3]
    try:
        clang = find_clang()
    except Missing as error:
        sys.exit(f"amd_registers: {error}")
    table_print(clang, zem, folder, sys.argv[3:] or DECKS)


if __name__ == "__main__":
    main()
