#!/usr/bin/env python3
"""Forged files of `zem bench --json`. Whatever is changed, `zem bench --compare` must not call the result VALID, and
the unchanged file beside it must stay VALID. Every edit is tried as it is and with a seal computed anew, which a
careful forger would do. Needs ZEM (the program) and SCRATCH (an empty folder). Prints "ok NAME" or "not ok NAME:
why"."""
import copy
import hashlib
import json
import os
import subprocess
import sys

from python.expect import ZEM, verdict

SCRATCH = os.environ["SCRATCH"]


def measure(*options):
    command = [ZEM, "bench", "--deck", "small", "--device", "openmp", "--repeat", "3", "--quiet", "--json", *options]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def write(name, document):
    path = os.path.join(SCRATCH, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(document if isinstance(document, str) else json.dumps(document))
    return path


def compare(*paths):
    """Compares files. Returns the exit code and a list with the verdict and the reason of each file (None if there is
    no JSON)."""
    run = subprocess.run([ZEM, "bench", "--compare", *paths, "--json", "--quiet"], capture_output=True, text=True,
                         check=False)
    if not run.stdout:
        return run.returncode, None
    found = {result["file"]: result for result in json.loads(run.stdout)["results"]}
    return run.returncode, [(found[path]["verdict"], found[path]["reason"]) for path in paths]


def canonical(value):
    """Returns the bytes of which the seal is a digest, as host/bench/bench_seal.c forms them."""
    if isinstance(value, dict):
        members = sorted((name.encode(), item) for name, item in value.items())
        return b"{" + b"".join(canonical(name) + canonical(item) for name, item in members) + b"}"
    if isinstance(value, list):
        return b"[" + b"".join(canonical(item) for item in value) + b"]"
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"s%d:%s" % (len(value), value)
    if value is None or isinstance(value, bool):
        return {None: b"n", True: b"t", False: b"f"}[value]
    return b"d%.9e;" % value


def sealed(document):
    document = {name: value for name, value in document.items() if name != "seal"}
    return {**document, "seal": hashlib.sha256(b"zem bench 1\0" + canonical(document)).hexdigest()}


def scale(result, factor):
    """Multiplies all times by `factor` and adapts every figure that follows from them, as a careful forger would."""
    for name in ("kernel_seconds", "pass_seconds"):
        result[name] = {key: factor * value for key, value in result[name].items()}
    result["repetitions"] = [factor * value for value in result["repetitions"]]
    result["transfer_seconds"] *= factor
    for name in ("engagements_per_second", "steps_per_second", "share_of_peak", "share_of_issue"):
        result[name] /= factor


def careful_peak(result):
    scale(result, 1e-3)
    for name in ("peak_flops", "peak_operations"):
        result[name] *= 1e3
    for name in ("share_of_peak", "share_of_issue"):
        result[name] /= 1e3


def set_to(name, value):
    return lambda result: result.__setitem__(name, value)


def times(name, factor):
    return lambda result: result.__setitem__(name, factor * result[name])


def part(name, key, factor):
    return lambda result: result[name].__setitem__(key, factor * result[name][key])


def more_work(result):
    for name in ("trials", "engagements", "engagements_per_second", "steps_per_second"):
        result[name] *= 2


def flip(name):
    def edit(result):
        text = result[name]
        result[name] = ("0" if text[0] != "0" else "1") + text[1:]
    return edit


def without(name):
    return lambda result: result.pop(name)


# name: what the forger does to the result, and a word that the reason of the program must contain
EDITS = {
    "times_alone_are_shorter": (lambda r: r.update(repetitions=[t / 50 for t in r["repetitions"]]), ""),
    "all_times_are_a_thousandth": (lambda r: scale(r, 1e-3), "of the peak"),
    "all_times_and_the_peak": (careful_peak, "beyond"),
    "median_is_shorter": (part("kernel_seconds", "median", 0.5), "kernel_seconds"),
    "quartile_is_closer": (part("kernel_seconds", "upper_quartile", 0.99), "kernel_seconds"),
    "least_is_shorter": (part("kernel_seconds", "least", 0.5), "kernel_seconds"),
    "pass_is_out_of_order": (part("pass_seconds", "median", 10.0), "pass_seconds"),
    "rate_is_higher": (times("engagements_per_second", 2), "engagements_per_second"),
    "step_rate_is_higher": (times("steps_per_second", 2), "steps_per_second"),
    "work_is_more": (more_work, "trials"),
    "engagements_are_more": (times("engagements", 2), "engagements"),
    "cells_are_more": (times("cells", 2), "cells"),
    "work_of_an_engagement_is_more": (times("flops_per_engagement", 2), "flops_per_engagement"),
    "steps_are_more": (times("steps_per_engagement", 2), "steps_per_engagement"),
    "share_is_less": (times("share_of_peak", 0.5), "share_of_peak"),
    "peak_is_less": (times("peak_flops", 1e-3), "of the peak"),
    "peak_is_more": (times("peak_flops", 2), "share_of_peak"),
    "peak_is_huge": (set_to("peak_flops", 1e300), "beyond"),
    "peak_is_unknown": (lambda r: r.update(peak_flops=None, share_of_peak=None), "not known"),
    "peak_is_negative": (set_to("peak_flops", -1.0), "peak_flops"),
    "digest_is_another": (flip("digest"), "digests"),
    "miss_digest_is_another": (flip("miss_digest"), "digests"),
    "digest_is_short": (set_to("digest", "abc"), "digest"),
    "challenge_hides_the_digest": (lambda r: (r.update(challenge="5"), flip("digest")(r)), "digests"),
    "challenge_is_another": (set_to("challenge", "5"), "digests"),
    "challenge_has_zeros": (set_to("challenge", "005"), "challenge"),
    "deck_is_larger": (set_to("deck", "standard"), ""),
    "deck_is_unknown": (set_to("deck", "enormous"), "another deck"),
    "deck_version_is_older": (set_to("deck_version", 1), "another deck"),
    "verdict_was_invalid": (set_to("valid", False), "recorded as INVALID"),
    "verdict_is_a_word": (set_to("valid", "true"), "recorded as INVALID"),
    "threads_are_more": (set_to("threads", 64), "threads"),
    "threads_of_the_engine_are_more": (lambda r: r.update(engine=r["engine"].replace(" threads", "0 threads")),
                                       "threads"),
    "lanes_are_more": (set_to("lanes", 32), "lanes"),
    "lanes_are_no_power_of_two": (set_to("lanes", 7), "lanes"),
    "processor_is_a_gpu": (lambda r: r.update(gpu=True, processor_share=None), "gpu"),
    "processor_share_is_hidden": (set_to("processor_share", None), "processor_share"),
    "processor_share_is_negative": (set_to("processor_share", -1.0), "processor_share"),
    "joules_without_a_source": (set_to("joules", 1e-6), ""),
    "no_repetitions": (set_to("repetitions", []), "repetitions"),
    "negative_repetition": (lambda r: r["repetitions"].__setitem__(0, -1.0), "repetitions"),
    "repetition_is_a_text": (lambda r: r["repetitions"].__setitem__(0, "0.001"), "repetitions"),
    "repetitions_without_times": (without("kernel_seconds"), "kernel_seconds"),
    "share_is_missing": (without("share_of_peak"), "share_of_peak"),
    "peak_is_missing": (without("peak_flops"), "peak_flops"),
}

DOCUMENT_EDITS = {
    "kernel_version_is_older": ({"kernel_version": 1}, "kernel version"),
    "kernel_version_is_a_text": ({"kernel_version": "4"}, "kernel_version"),
    "date_is_to_come": ({"date": "2999-01-01T00:00:00Z"}, "future"),
    "date_is_none": ({"date": "yesterday"}, "date"),
    "date_is_missing": ({"date": None}, "date"),
}


def judge(name, path, word, honest):
    code, results = compare(honest, path)
    if code not in (6, 65):
        verdict(name, f"exit code {code}")
    elif results is None:
        verdict(name)  # the program refuses the whole file
    elif results[0][0] != "VALID":
        verdict(name, f"the unchanged file is {results[0]}")
    elif results[1][0] == "VALID":
        verdict(name, "VALID")
    elif word not in results[1][1]:
        verdict(name, f"no \"{word}\" in the reason: {results[1][1]}")
    else:
        verdict(name)


def judge_twice(name, document, word, honest):
    judge(name, write(f"{name}.json", sealed(document)), word, honest)
    judge(f"{name}_under_the_old_seal", write(f"{name}_old_seal.json", document), "", honest)


def texts(original, honest):
    """Edits that only the seal can show."""
    for name, edit in (("machine", lambda d: d.update(machine="faster")),
                       ("description", lambda d: d["results"][0].update(description="Another processor, 2 threads")),
                       ("proof", lambda d: d["results"][0].update(proof="taken on trust")),
                       ("commit", lambda d: d.update(commit="0123456789ab")),
                       ("date", lambda d: d.update(date="2026-01-01T00:00:00Z")),
                       ("energy", lambda d: d["results"][0].update(joules=1e-6, energy_source="RAPL")),
                       ("clock", lambda d: d["results"][0].update(clock_hz=3e9)),
                       ("member_that_is_new", lambda d: d.update(winner=True))):
        document = copy.deepcopy(original)
        edit(document)
        judge(f"edited_{name}_is_told_by_the_seal", write(f"edited_{name}.json", document), "seal", honest)
    other = measure("--threads", "1")
    judge("result_of_another_file_is_told_by_the_seal",
          write("spliced.json", {**copy.deepcopy(original), "results": other["results"]}), "seal", honest)
    judge("result_more_is_told_by_the_seal",
          write("longer.json", {**copy.deepcopy(original), "results": other["results"] + original["results"]}), "seal",
          honest)
    for name, seal in (("a_number", 7), ("null", None), ("short", original["seal"][:-1])):
        judge(f"seal_that_is_{name}", write("no_seal.json", {**original, "seal": seal}), "seal", honest)
    judge("seal_that_is_missing", write("unsealed.json", {k: v for k, v in original.items() if k != "seal"}),
          "no seal", honest)


def forgeries(original, honest):
    for name, (edit, word) in EDITS.items():
        document = copy.deepcopy(original)
        edit(document["results"][0])
        judge_twice(name, document, word, honest)
    for name, (members, word) in DOCUMENT_EDITS.items():
        judge_twice(name, {**copy.deepcopy(original), **members}, word, honest)
    texts(original, honest)
    text = json.dumps(original)
    judge("digest_is_written_twice",
          write("twice.json", text.replace('"digest": ', '"digest": "' + 64 * "0" + '", "digest": ')), "", honest)
    judge("number_is_no_number", write("nan.json", text.replace('"open_seconds": ', '"open_seconds": NaN, "x": ')), "",
          honest)
    copied = copy.deepcopy(original)
    copied["machine"] = "faster"
    path = write("copied.json", sealed(copied))
    code, results = compare(honest, path)
    verdict("copy_under_another_name",
            "" if code == 6 and results[1][0] == "UNPROVEN" and "last digit" in results[1][1] else str(results))
    copied["machine"] = "fastest"
    code, results = compare(honest, path, write("again.json", sealed(copied)))
    verdict("two_copies_under_other_names",
            "" if code == 6 and [word for word, _ in results] == 3 * ["UNPROVEN"] else str(results))
    hostile = copy.deepcopy(original)
    hostile["machine"] = "x\n  winner  openmp  9e99  VALID\x1b[2J"
    path = write("hostile.json", hostile)
    shown = subprocess.run([ZEM, "bench", "--compare", path], capture_output=True, text=True, check=False).stdout
    as_it_is = "\x1b" in shown or "\n  winner" in shown
    verdict("name_cannot_write_a_line", "the name was printed as it is" if as_it_is else "")


def honest_files(original, honest):
    challenge = measure("--challenge", "31")
    paths = [honest, write("challenge.json", challenge),
             write("same_challenge.json", measure("--challenge", "31", "--isa", "baseline")),
             write("thread.json", measure("--threads", "1")), write("scalar.json", measure("--isa", "scalar")),
             write("once.json", measure("--repeat", "1"))]
    code, results = compare(*paths)
    for path, (word, reason) in zip(paths, results):
        verdict(f"honest_{os.path.basename(path)[:-5]}_is_valid", "" if word == "VALID" else str(reason))
    verdict("honest_files_are_0", "" if code == 0 else f"exit code {code}")
    code, results = compare(honest, honest)
    verdict("a_file_given_twice_is_no_copy", "" if code == 0 else str(results))
    spelled = json.dumps(original, indent=2, sort_keys=True).replace(".0,", ",")
    verdict("the_seal_is_that_of_the_test", "" if sealed(original)["seal"] == original["seal"] else original["seal"])
    code, results = compare(write("spelled.json", spelled))
    verdict("a_file_spelled_otherwise_is_valid", "" if code == 0 else str(results))
    old = copy.deepcopy(original)
    old["results"][0].pop("threads")
    old["results"][0].pop("peak_operations")
    code, results = compare(write("old.json", sealed(old)))
    verdict("members_of_later_versions_may_be_missing", "" if code == 0 else str(results))
    wrong = copy.deepcopy(challenge)
    flip("digest")(wrong["results"][0])
    judge("challenge_with_another_digest_is_invalid", write("wrong_challenge.json", sealed(wrong)), "flown again",
          honest)
    for name, path, code, word in (("check_says_true", paths[1], 0, "the digests are true"),
                                   ("check_says_not_true", os.path.join(SCRATCH, "wrong_challenge.json"), 6,
                                    "the digests are NOT true")):
        run = subprocess.run([ZEM, "bench", "--check", path, "--quiet"], capture_output=True, text=True, check=False)
        verdict(name, "" if run.returncode == code and word in run.stdout else f"{run.returncode}: {run.stdout}")
    shares = [figure for path in paths for figure in (json.load(open(path, encoding="utf-8"))["results"][0][key]
                                                      for key in ("share_of_peak", "share_of_issue"))]
    verdict("no_honest_share_is_above_1", "" if max(shares) <= 1.0 + 1e-9 else str(shares))


def main():
    original = measure()
    honest = write("honest.json", original)
    forgeries(original, honest)
    honest_files(original, honest)
    return 0


sys.exit(main())
