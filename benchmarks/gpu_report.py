#!/usr/bin/env python3
"""Reports the machine code of the kernels for an NVIDIA H200 (sm_90), without a GPU: registers, spills, instructions of
the step loop and of an engagement, and the largest number of engagements per second at which the GPU can issue these
instructions. Usage: gpu_report.py ZEM FOLDER, from the top folder.

clang compiles kernels/engage.cl for every deck, with the options of the OpenCL backend and with libclc for the
functions of OpenCL. ptxas assembles the result for sm_90, and nvdisasm disassembles it. NVIDIA's own OpenCL compiler
may do better or worse; the figures are for comparing one commit with another. The exit code is 1 if a tool is missing
or a limit is exceeded: no spills and no arrays in local memory, and at most LIMIT instructions an engagement of the
deck "standard". Then amd_registers.py counts the registers on AMD GPUs.

A step in which no trial of a warp crosses its acceleration limit skips the projection of the command
(command_course.h), and in a Runge-Kutta step the second pass as well. How many steps do so depends on the trials of the
warp. So the report has two counts: for `an engagement` they are skipped in every step, and LIMIT bounds this count; for
`at most` they are skipped in none."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import amd_registers

LANE_INSTRUCTIONS = 3.35e13  # per second of an H200: 132 multiprocessors, 4 schedulers of 32 lanes, 1.98 GHz
LIMIT = 60000  # lane-instructions of an engagement of "standard"
PROJECTION = 200  # a stretch with more instructions projects a command: 8 samples of some 40 instructions
KERNEL = "engage"
GROUPS = (
    ("fp32", "FFMA FADD FMUL FSEL FSETP FMNMX FSET FCHK"),
    ("integer", "IMAD IADD3 LOP3 SHF LEA ISETP SEL PRMT IMNMX VIADD VIMNMX PLOP3 IABS LOP IADD "
                "UIADD3 ULOP3 UIMAD USHF USEL R2UR UISETP ULEA"),
    ("conversion", "I2F I2FP F2I F2F MUFU"),
    ("memory", "LDG LDS LDC ULDC STG STS ATOMS RED LDCU"),
    ("stack", "LDL STL LD ST"),
    ("control", "BRA BSSY BSYNC BREAK EXIT NOP BAR WARPSYNC CALL RET"),
    ("move", "MOV UMOV S2R S2UR CS2R"),
)


def fail(text):
    print(f"gpu-report: {text}", file=sys.stderr)
    sys.exit(1)


def find_tool(name, folder, package):
    """Returns the path of a tool of the CUDA toolkit. It is searched for in PATH and in the usual folder, and else
    installed from PyPI into a virtual environment under `folder`."""
    packaged = f"{folder}/venv/lib/python3*/site-packages/nvidia/*/bin/{name}"
    for place in [shutil.which(name)] + glob.glob(f"/usr/local/cuda*/bin/{name}") + glob.glob(packaged):
        if place and os.access(place, os.X_OK):
            return place
    print(f"gpu-report: no {name} here, taking the package {package}", file=sys.stderr)
    if not os.path.exists(f"{folder}/venv/bin/pip"):
        subprocess.run([sys.executable, "-m", "venv", f"{folder}/venv"], stdout=sys.stderr, check=False)
    subprocess.run([f"{folder}/venv/bin/pip", "install", "-q", package], stdout=sys.stderr, check=False)
    found = glob.glob(packaged)
    if not found:
        fail(f"{name} is needed: install the CUDA toolkit, or python3-venv and a way to reach PyPI (package {package})")
    return found[0]


def find_clang():
    """Returns a clang and the libclc bitcode of the same version."""
    for version in ("14", "15", "16", "17", "18", "19"):
        clang = shutil.which(f"clang-{version}")
        for bitcode in ("/usr/lib/clc/nvptx64--nvidiacl.bc", f"/usr/lib/llvm-{version}/share/clc/nvptx64--nvidiacl.bc"):
            if clang and os.path.exists(bitcode):
                return clang, bitcode
    fail("clang and libclc are needed: apt install clang-14 libclc-14 libclc-14-dev")


def compile_deck(clang, bitcode, ptxas, nvdisasm, flags, out):
    """Compiles one deck. Returns the messages of ptxas and the disassembly of the kernel."""
    options = [flag for flag in flags.replace("-D ", "-D").split() if not flag.startswith("-cl-std")]
    frontend = ["-target-cpu", "sm_80", "-target-feature", "+ptx72", "-finclude-default-header",
                "-mlink-builtin-bitcode", bitcode]
    command = [clang, "-x", "cl", "-cl-std=CL1.2", "-target", "nvptx64-unknown-nvidiacl", "-D__OPENCL_VERSION__=120",
               "-O3", "-ffp-contract=off", "-w", *options, "-S", "-o", f"{out}.ptx", "kernels/engage.cl"]
    for word in frontend:
        command += ["-Xclang", word]
    assemble = [ptxas, "-arch=sm_90", "-v", "-o", f"{out}.cubin", f"{out}.ptx"]
    for step in (command, assemble, [nvdisasm, "-c", f"{out}.cubin"]):
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            fail(f"{os.path.basename(step[0])} failed:\n{done.stderr}")
        if step[0] == ptxas:
            messages = done.stderr
    return messages, done.stdout


def instructions_of(sass):
    """Returns the instructions of the kernel as a list of (has a predicate, opcode, target). The target of a branch is
    the index of an instruction; for other instructions it is None."""
    found, labels, inside = [], {}, False
    for line in sass.splitlines():
        section = re.match(r"\.text\.(\w+):", line)
        if section:
            inside = section.group(1) == KERNEL
        elif inside and re.match(r"\.L\w+:", line):
            labels[line.split(":")[0]] = len(found)
        elif inside:
            match = re.match(r"\s*/\*[0-9a-f]+\*/\s+(@!?U?P\w+)?\s*([A-Z0-9]+)([^;]*)", line)
            if match:
                target = re.search(r"`\((\.L\w+)\)", match.group(3)) if match.group(2) == "BRA" else None
                found.append((bool(match.group(1)), match.group(2), target and target.group(1)))
    return [(predicated, opcode, labels.get(target)) for predicated, opcode, target in found]


def loops_of(code):
    """Returns the loops as pairs of indices (first, last): backward branches, for each target the longest one."""
    loops = {}
    for index, (_, opcode, target) in enumerate(code):
        if opcode == "BRA" and target is not None and target < index:
            loops[target] = max(loops.get(target, 0), index)
    return [(first, last) for first, last in loops.items() if last - first > 8]


def skipped_stretches(code, first, last, draws):
    """Returns the lengths of the stretches of the step loop that a forward branch skips: those that draw random numbers
    (`draws`), or the others. A draw has ten integer multiplications of Philox or more, the other stretches none."""
    stretches = []
    for index, (_, _, target) in enumerate(code):
        if first <= index and target is not None and index < target <= last:
            if (sum(1 for _, opcode, _ in code[index:target] if opcode == "IMAD") >= 5) == draws:
                stretches.append(target - index - 1)
    return stretches


def skipped_share(code, first, last):
    """Returns the number of instructions of the step loop that are skipped in every second step. They draw random
    numbers, and one draw serves two steps."""
    return min(skipped_stretches(code, first, last, True), default=0)


def projection_of(code, first, last):
    """Returns the number of instructions of the step loop that project a command with a kink. They are the longest
    stretch that is skipped and draws nothing, if it has the length of a projection."""
    longest = max(skipped_stretches(code, first, last, False), default=0)
    return longest if longest > PROJECTION else 0


def long_loops_inside(loop, loops):
    return [other for other in loops
            if other != loop and loop[0] <= other[0] and other[1] <= loop[1] and other[1] - other[0] > 150]


def analyse(name, steps, shots, messages, sass):
    entry = messages[messages.index(f"entry function '{KERNEL}'"):]
    code = instructions_of(sass)
    loops = loops_of(code)
    # The step loop is the longest loop with at most one long loop inside, which is that of the two passes of a
    # Runge-Kutta step. A loop over trials or shots has two: the steps before the blind time and those in it. The
    # trial loop is the shortest loop around the step loop.
    first, last = max((loop for loop in loops if len(long_loops_inside(loop, loops)) <= 1),
                      key=lambda loop: loop[1] - loop[0])
    passes = sum(loop[1] - loop[0] + 1 for loop in long_loops_inside((first, last), loops))
    outer = [loop for loop in loops if loop[0] <= first and last <= loop[1] and loop != (first, last)]
    body = last - first + 1
    skipped = skipped_share(code, first, last)
    projection = projection_of(code, first, last)
    per_step = body - 0.5 * skipped - projection
    trial = min(outer, key=lambda loop: loop[1] - loop[0]) if outer else (0, len(code) - 1)
    rest = trial[1] - trial[0] + 1 - body
    mix = {group: sum(1 for _, opcode, _ in code[first:last + 1] if opcode in words.split())
           for group, words in GROUPS}
    mix["other"] = body - sum(mix.values())
    # the last step, in the blind time, is flown outside the step loop and counts in `rest`
    loop_steps = steps - 1.0 if steps > 1.0 else 0.0
    lane_instructions = loop_steps * per_step + rest
    return {
        "deck": name,
        "registers": int(re.search(r"Used (\d+) registers", entry).group(1)),
        "spill_bytes": sum(int(number) for number in re.findall(r"(\d+) bytes spill", messages)),
        "stack_bytes": max(int(number) for number in re.findall(r"(\d+) bytes stack frame", messages)),
        "shared_bytes": int((re.search(r"(\d+) bytes smem", entry) or [0, 0])[1]),
        "instructions": len(code),
        "step_loop_static": body,
        "step_loop_executed": per_step,
        "outside_step_loop": rest,
        "steps": steps,
        "projection": projection,
        "lane_instructions_per_engagement": lane_instructions,
        "lane_instructions_at_most": lane_instructions + loop_steps * max(projection, passes),
        "issue_bound_engagements_per_second": LANE_INSTRUCTIONS / lane_instructions,
        "step_loop_mix": mix,
        "shots": shots,
    }


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def table_print(results):
    print(f"{'deck':<11} {'registers':>9} {'spills':>6} {'stack':>5} {'loop':>5} {'a step':>6} {'steps':>6} "
          f"{'rest':>5} {'an engagement':>13} {'at most':>8} {'bound, 1/s':>10}  mix of the step loop")
    for r in results:
        mix = ", ".join(f"{group} {count}" for group, count in r["step_loop_mix"].items() if count)
        print(f"{r['deck']:<11} {r['registers']:>9} {r['spill_bytes']:>6} {r['stack_bytes']:>5} "
              f"{r['step_loop_static']:>5} {r['step_loop_executed']:>6.0f} {r['steps']:>6.1f} "
              f"{r['outside_step_loop']:>5} {r['lane_instructions_per_engagement']:>13.0f} "
              f"{r['lane_instructions_at_most']:>8.0f} "
              f"{r['issue_bound_engagements_per_second']:>10.3g}  {mix}")
    print("loop: instructions in the step loop; a step: executed, the draw of random numbers counted half and no "
          "projection;\nrest: outside the loop, each once; at most: with projection and second pass in every step; "
          "registers, stack: of a work-item")


def over_the_limits(r):
    too_long = r["deck"] == "standard" and r["lane_instructions_per_engagement"] > LIMIT
    return r["spill_bytes"] or r["stack_bytes"] or too_long


def main():
    zem, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    clang, bitcode = find_clang()
    ptxas = find_tool("ptxas", folder, "nvidia-cuda-nvcc")
    nvdisasm = find_tool("nvdisasm", folder, "nvidia-cuda-nvdisasm")
    results, compiled = [], {}
    for line in output_of(zem, "bench", "--kernel-flags", "--deck", "all").splitlines():
        name, steps, shots, flags = line.split(None, 3)
        if float(steps) == 0.0:
            fail(f"no steps are stored for deck {name}: make bench-tables")
        if flags not in compiled:
            compiled[flags] = compile_deck(clang, bitcode, ptxas, nvdisasm, flags, f"{folder}/{name}")
        results.append(analyse(name, float(steps), int(shots), *compiled[flags]))
    version = re.search(r"V[\d.]+", output_of(ptxas, "--version"))
    version = version and version.group(0)
    print(f"sm_90, clang {os.path.basename(clang)}, ptxas {version}; "
          f"H200 issues {LANE_INSTRUCTIONS:.3g} lane-instructions/s")
    table_print(results)
    try:
        amd = amd_registers.table_print(amd_registers.find_clang(), zem, folder)
    except amd_registers.Missing as error:
        amd = []
        print(f"AMD GPUs: not counted, {error}")
    with open(f"{folder}/gpu-report.json", "w", encoding="utf-8") as file:
        whole = {"zem_gpu_report": 1, "architecture": "sm_90", "ptxas": version, "decks": results, "amd": amd}
        json.dump(whole, file, indent=1)
    broken = [r["deck"] for r in results if over_the_limits(r)]
    if broken:
        fail(f"over the limits (no spills, no stack; {LIMIT} lane-instructions an engagement of standard): "
             f"{', '.join(broken)}")


main()
