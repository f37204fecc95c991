"""The checks of benchmarks/suites/ read the rate of a VALID result, and no rate from a result that is not VALID.
ReFrame is run if it is on the path. Uses $ZEM and $SCRATCH. Prints "ok NAME", "not ok NAME: why" or "skip NAME:
reason"."""

import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

from python.expect import skip, verdict

SUITES = pathlib.Path("benchmarks/suites").resolve()
SCRATCH = pathlib.Path(os.environ["SCRATCH"]).resolve()
# A program that prints a report with an INVALID verdict, whose rate must not be read.
FORGED = """#!/bin/sh
echo '  engagements   9.999e+99 /s median; quartiles'
echo 'INVALID: the digest is not that of the deck'
exit {code}
"""


def path_with(name, target=None, text=None):
    """Returns an environment in whose PATH `zem` is the program `target` or a script with this text."""
    folder = SCRATCH / name
    folder.mkdir(exist_ok=True)
    if target:
        (folder / "zem").symlink_to(target)
    else:
        (folder / "zem").write_text(text, encoding="utf-8")
        (folder / "zem").chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if key != "LOG_FILE"}
    return environment | {"PATH": f"{folder}:{environment['PATH']}"}


# The elements of a Phoronix test profile that this profile uses, in the order in which they must stand, with the
# permitted words (None: any text). Source: pts-core/definitions/test-profile.xsd of the Phoronix Test Suite, as it was
# in November 2026.
PROFILE = {
    "TestInformation": {"Title": None, "Description": None, "ResultScale": None, "AppVersion": None,
                        "Proportion": ("LIB", "HIB"), "Executable": None, "TimesToRun": None},
    "TestProfile": {"Version": None,
                    "TestType": ("System", "Processor", "Disk", "Graphics", "Memory", "Network", "Other"),
                    "SoftwareType": ("Utility", "Simulator", "Benchmark", "Application", "Game"), "Maintainer": None,
                    "License": ("Free", "Non-Free", "Retail", "Restricted"),
                    "Status": ("Private", "Broken", "Experimental", "Unverified"), "SupportedPlatforms": None}}
OPTION = ["DisplayName", "Identifier", "ArgumentPrefix", "Menu"]


def phoronix_syntax(definition):
    """Returns where the profile differs from the form that the Phoronix suite reads, "" if nowhere."""
    root, wrong = definition.getroot(), []
    parts = [part.tag for part in root]
    if parts != [*PROFILE, "TestSettings"]:
        wrong.append(str(parts))
    for name, known in PROFILE.items():
        found = {item.tag: item.text for item in root.find(name)}
        wrong += [f"{name} {list(found)}"] if list(found) != list(known) else []
        wrong += [f"{tag} {text}" for tag, text in found.items() if known.get(tag) and text not in known[tag]]
    for option in definition.iter("Option"):
        wrong += [f"Option {[item.tag for item in option]}"] if [item.tag for item in option] != OPTION else []
        wrong += [f"Entry {[item.tag for item in entry]}" for entry in option.find("Menu")
                  if [item.tag for item in entry] != ["Name", "Value"]]
    return "; ".join(wrong)


def phoronix(environment, *arguments):
    subprocess.run(["sh", SUITES / "phoronix" / "install.sh"], cwd=SCRATCH, check=True, env=environment,
                   capture_output=True)
    log = SCRATCH / "log"
    log.unlink(missing_ok=True)
    done = subprocess.run(["./zem-bench", *arguments], cwd=SCRATCH, env=environment | {"LOG_FILE": str(log)},
                          check=False)
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    return done.returncode, text


def rate_of(text):
    """Returns the rates that the suite reads from a log, by its template, which marks the place of the number."""
    root = xml.etree.ElementTree.parse(SUITES / "phoronix" / "results-definition.xml")
    template = re.escape(root.findtext("ResultsParser/OutputTemplate")).replace(r"\#_RESULT_\#", r"([0-9.]+)")
    found = re.findall("^" + template + "$", text, re.MULTILINE)
    return [float(number) for number in found]


def reported(text):
    return float(re.search(r"^ +engagements +(\S+) /s median", text, re.MULTILINE).group(1))


def check_phoronix(good, forged):
    definition = xml.etree.ElementTree.parse(SUITES / "phoronix" / "test-definition.xml")
    verdict("phoronix_profile_has_the_form_of_the_suite", phoronix_syntax(definition))
    version = re.search(r"^zem ([0-9.]+)", subprocess.run([os.environ["ZEM"], "--version"], check=True, text=True,
                                                          capture_output=True).stdout).group(1)
    verdict("phoronix_profile_names_the_version",
            "" if definition.findtext("TestInformation/AppVersion") == version else version)
    decks = [entry.text for entry in definition.findall(".//Option[Identifier='deck']//Value")]
    refused = subprocess.run([os.environ["ZEM"], "bench", "--deck", "nonsuch"], check=False, text=True,
                             capture_output=True).stderr
    verdict("phoronix_decks_are_those_of_zem_bench",
            "" if decks and all(re.search(rf"\b{deck}\b", refused) for deck in decks) else f"{decks}: {refused}")
    options = [option.findtext("ArgumentPrefix").strip() for option in definition.iter("Option")]
    verdict("phoronix_options_are_those_of_zem_bench", "" if options == ["--deck", "--device"] else str(options))
    code, text = phoronix(good, "--deck", "small", "--device", "cpu")
    rates = rate_of(text)
    verdict("phoronix_reads_the_rate", "" if code == 0 and len(rates) == 1
            and abs(rates[0] / reported(text) - 1) < 1e-3 else f"code {code}, {rates}")  # the report prints four digits
    for name, environment in forged.items():
        code, text = phoronix(environment)
        verdict(f"phoronix_has_no_rate_for_{name}", "" if code != 0 and not rate_of(text) else f"code {code}: {text}")


def reframe(environment):
    command = ["reframe", "-c", SUITES / "reframe_zem.py", "-r", "-S", "ZemBench.deck=small", "-S",
               "ZemBench.device=cpu", "--nocolor", "--prefix", SCRATCH / "reframe"]
    return subprocess.run(command, cwd=SCRATCH, env=environment | {"HOME": str(SCRATCH)}, check=False, text=True,
                          capture_output=True)


def check_reframe(good, forged):
    if not shutil.which("reframe"):
        skip("reframe", "ReFrame is not installed (PyPI: reframe-hpc)")
        return
    done = reframe(good)
    found = re.search(r"P: engagements_per_second: ([0-9.e+]+) engagements/s", done.stdout)
    verdict("reframe_reads_the_rate", "" if done.returncode == 0 and found and float(found.group(1)) > 0
            else done.stdout[-300:])
    for name, environment in forged.items():
        verdict(f"reframe_fails_for_{name}", "" if reframe(environment).returncode != 0 else "it passed")


def main():
    good = path_with("good", target=os.environ["ZEM"])
    forged = {"an_invalid_result": path_with("invalid", text=FORGED.format(code=6)),
              "an_invalid_result_with_exit_code_0": path_with("silent", text=FORGED.format(code=0))}
    check_phoronix(good, forged)
    check_reframe(good, forged)


main()
