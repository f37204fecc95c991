#!/usr/bin/env python3
"""The page of zem report is valid HTML and fetches nothing, has the headline numbers of `zem show --json`, and escapes
the texts of the scenario. If the page cannot be made, no file stands under its name. Needs gnuplot, and skips with a
reason without it."""
import html.parser
import json
import math
import os
import pathlib
import re
import resource
import shutil
import signal

from python.expect import check, skip, zem

scratch = os.environ["SCRATCH"]
os.chdir(scratch)

TITLE = "<script>alert(\"1 & 2\")</script> 'quoted' \u00e4 &amp; </title>"
GRID = f"""zem: 1
title: {json.dumps(TITLE)}
description: "less < more & more > less"
engagement: {{kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}}
target: {{maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {{from: 0 degree, to: 360 degree}}}}
interceptor: {{speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s, acceleration_limit: 20 gravity}}
scoring: {{hit_radius: [0.5 m, 1 m]}}
run: {{trials: 301, seed: 1}} # </pre></body> a comment of the scenario
"""
SWEEP = """sweep:
  - {parameter: target.acceleration, values: [2 gravity, 6 gravity, 9 gravity]}
  - {parameter: target.period, values: [1 s, 2 s]}
"""
# Three axes. The maps have a panel for each period; elsewhere the further axes are held at their middle point.
THREE = GRID + """sweep:
  - {parameter: target.acceleration, values: [2 gravity, 4 gravity, 6 gravity, 9 gravity]}
  - {parameter: interceptor.navigation_gain, values: [3, 4, 5]}
  - {parameter: target.period, values: [1 s, 1.5 s, 2 s]}
"""
CASES = {"three": THREE, "grid": GRID + SWEEP, "one": GRID,
         "salvo": GRID + SWEEP + "salvo: {shots: 2, spacing: 0.2 s}\n"}
VOID = {"meta", "br", "hr", "img", "link", "input", "col", "area", "base", "source", "wbr"}
MEANS = {"mean miss, m": "miss_mean", "root mean square miss, m": "miss_rms", "mean divert, m/s": "divert_mean",
         "fraction of the flight time with the command at its limit": "saturated_fraction"}


class Page(html.parser.HTMLParser):
    """A parser that keeps the open elements, the errors of nesting, the cells of every table, the texts of some
    elements, and all attributes."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.attributes, self.tags, self.identities = [], [], [], [], []
        self.rows, self.words = [], {}

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        self.identities += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")
            self.open.append(tag)

    def handle_data(self, data):
        for tag in set(self.open):
            self.words[tag] = self.words.get(tag, "") + data
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def show(name, variable, radius):
    done = zem("show", f"{name}.h5", "--json", "--variable", variable, "--radius", radius, check=True)
    return json.loads(done.stdout)


def flat(values):
    return [number for item in values for number in flat(item)] if isinstance(values, list) else [values]


def numbers(text):
    return [float(word) for word in re.findall(r"-?[0-9.]+(?:e[-+]?[0-9]+)?", text)]


def extremes_agree(name, row, variable, radius):
    """Whether a row of the page has the extremes of all cells as `zem show --json` has them: with intervals that hold
    for all cells at once, and whether the cells differ."""
    said = show(name, "p_hit", 0)
    wanted = [entry for entry in said["extremes"]
              if entry["variable"] == variable and entry["hit_radius"] == said["hit_radius"][radius]]
    if len(wanted) != 1 or len(row) != 6 or not row[5].startswith("yes" if wanted[0]["cells_differ"] else "not more"):
        return False
    for entry, shown, interval in ((wanted[0]["smallest"], row[1], row[2]), (wanted[0]["largest"], row[3], row[4])):
        numbers_said = [float(shown)] + numbers(interval.split("cell")[0])
        if "cell " + ",".join(map(str, entry["cell"])) not in interval or not all(
                math.isclose(a, entry[b], rel_tol=1e-4) for a, b in zip(numbers_said, ("value", "lower", "upper"))):
            return False
    return True


def agrees(name, row, variable, radius):
    """Whether a row of the page has the smallest and the largest value of all cells as `zem show --json` has them, with
    the interval of that cell where there is one."""
    view = show(name, variable, radius)["view"]
    value, lower, upper = (flat(view[key]) if view[key] is not None else None for key in ("value", "lower", "upper"))
    said = [(float(row[i]), numbers(row[i + 1].split("cell")[0])) for i in range(1, len(row), 2)]
    for (shown, interval), wanted in zip(said, (min(value), max(value))):
        cells = [i for i, number in enumerate(value) if number == wanted]
        good = math.isclose(shown, wanted, rel_tol=1e-4, abs_tol=1e-12)
        if lower is not None:
            good = good and any(math.isclose(interval[0], lower[i], rel_tol=1e-4)
                                and math.isclose(interval[1], upper[i], rel_tol=1e-4) for i in cells)
        if not good:
            return False
    return len(said) == (2 if len(value) > 1 else 1)


def headlines(name, page):
    rows = {row[0]: row for row in page.rows if row}
    wanted = [("probability of a hit within 0.5 m", "p_hit", 0), ("probability of a hit within 1 m", "p_hit", 1)]
    if name == "salvo":
        wanted += [("of at least one hit in the salvo within 0.5 m", "p_salvo", 0),
                   ("of at least one hit in the salvo within 1 m", "p_salvo", 1)]
    for title, variable, radius in wanted + [(title, variable, 0) for title, variable in MEANS.items()]:
        same = agrees if variable in MEANS.values() or name == "one" else extremes_agree
        good = title in rows and same(name, rows[title], variable, radius)
        check(f"{name}_{variable}_{radius}_is_that_of_show", good, str(rows.get(title)))
    from_show = show(name, "p_hit", 0)
    cells, trials = from_show["totals"]["cells"], from_show["totals"]["trials"]
    said = f"{name}.h5: {trials} trials in {cells} cell{'s' * (cells != 1)}."
    check(f"{name}_says_its_trials", said in page.words["p"], said)
    digests = [from_show["provenance"][key] for key in ("digest", "miss_digest")]
    check(f"{name}_names_both_digests", all(digest in page.words["code"] for digest in digests))


def self_contained(name, text, page):
    links = [(tag, attribute, value) for tag, attribute, value in page.attributes
             if attribute in ("href", "xlink:href")]
    loading = [(tag, attribute, value) for tag, attribute, value in page.attributes
               if attribute in ("src", "srcset", "data", "action", "poster", "background")
               and not value.startswith("data:image/png;base64,")]
    loading += [link for link in links if not link[2].startswith("#")]
    check(f"{name}_links_to_nothing_outside", not loading, str(loading[:2]))
    foreign = {"link", "iframe", "object", "embed", "base"}
    check(f"{name}_has_no_frame", not set(page.tags) & foreign)
    reaching = re.findall(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\b|eval\(|localStorage|https?:",
                          page.words.get("script", ""))
    check(f"{name}_has_a_script_that_reaches_nothing", not reaching, str(reaching[:2]))
    check(f"{name}_is_hidden_until_the_script_runs", name == "one" or ("section", "hidden", "") in page.attributes)
    styles = [found for found in re.findall(r"url\(\s*['\"]?([^)'\"]*)", text) if not found.startswith("#")]
    styles += re.findall(r"@import", text)
    check(f"{name}_styles_load_nothing", not styles, str(styles[:2]))
    check(f"{name}_has_no_handlers", not any(attribute.startswith("on") for _, attribute, _ in page.attributes))
    missing = {value[1:] for _, _, value in links} - set(page.identities)
    check(f"{name}_links_inside_lead_somewhere", not missing, str(sorted(missing)[:3]))


def well_formed(name, text, page):
    lower = [words for words in re.findall(r"<p>([a-z][^<]*)", text)
             if not words.startswith((f"{name}.h5:", "less &lt; more"))] # but the name of the file, and the description
    check(f"{name}_begins_sentences_with_capitals", not lower, str(lower))
    check(f"{name}_has_balanced_tags", not page.wrong and not page.open, f"{page.wrong[:2]} {page.open[:3]}")
    once = all(page.tags.count(tag) == 1 for tag in ("html", "head", "body", "title", "h1"))
    check(f"{name}_is_one_document", text.startswith("<!DOCTYPE html>") and once)
    check(f"{name}_is_utf_8", ("meta", "charset", "utf-8") in page.attributes)
    twice = {identity for identity in page.identities if page.identities.count(identity) > 1}
    check(f"{name}_has_each_id_once", not twice, str(sorted(twice)[:3]))
    check(f"{name}_escapes_the_title", page.words["title"] == TITLE and page.words["h1"] == TITLE, page.words["title"])
    check(f"{name}_escapes_the_description", "less < more & more > less" in page.words["p"])
    check(f"{name}_keeps_the_scenario_to_the_letter", page.words["pre"] == pathlib.Path(f"{name}.yaml").read_text())


def pages():
    for name in CASES:
        done = zem("report", f"{name}.h5", "-o", f"{name}.html")
        check(f"{name}_is_written", done.returncode == 0 and done.stdout == done.stderr == "", done.stderr)
        if done.returncode != 0:
            continue
        text = pathlib.Path(f"{name}.html").read_text(encoding="utf-8")
        page = Page()
        page.feed(text)
        page.close()
        well_formed(name, text, page)
        self_contained(name, text, page)
        if name != "three": # as zem show has a view of two axes only
            headlines(name, page)
    drawn = re.findall(r"<figure>.*?</figure>", pathlib.Path("three.html").read_text(encoding="utf-8"), re.S)
    check("a_map_has_panels_for_the_third_axis", all(f"period = {at} s" in figure for at in ("1", "1.5", "2")
                                                     for figure in drawn[:3]), str(len(drawn)))
    check("what_is_held_is_held_in_the_middle", all("navigation_gain = 4" in figure and "period = 1.5 s" in figure
                                                    for figure in drawn[3:]), str(len(drawn)))
    empty = pathlib.Path("bare.html").read_text(encoding="utf-8").count("<p></p>")
    check("without_a_description_no_paragraph_is_empty", empty == 0, f"{empty} empty paragraphs")
    figures = pathlib.Path("grid.html").read_text(encoding="utf-8").count("<figure>")
    check("a_map_for_every_radius_and_the_miss", figures == 5, f"{figures} figures")


def bare():
    pathlib.Path("bare.yaml").write_text(re.sub("description: .*\n", "", GRID), encoding="utf-8")
    zem("run", "bare.yaml", "--quiet", "--device", "openmp", check=True)
    zem("report", "bare.h5", "-o", "bare.html", check=True)


def refused(name, code, word, *arguments, **options):
    """Checks that the command fails with this exit code and word, and changes nothing in the folder."""
    before = {path: path.read_bytes() if path.is_file() else b"" for path in pathlib.Path(".").rglob("*")}
    done = zem("report", *arguments, **options)
    after = {path: path.read_bytes() if path.is_file() else b"" for path in pathlib.Path(".").rglob("*")}
    why = f"exit code {done.returncode}: {done.stderr.strip()}"
    check(f"{name}_is_{code}", done.returncode == code and word in done.stderr, why)
    check(f"{name}_leaves_everything_as_it_was", before == after, str(set(after) ^ set(before)))


def failures():
    pathlib.Path("cut.h5").write_bytes(pathlib.Path("grid.h5").read_bytes()[:3000])
    pathlib.Path("mine.html").write_text("mine")
    refused("missing_file", 66, "absent.h5", "absent.h5", "-o", "page.html")
    refused("scenario_for_a_result", 65, "grid.yaml", "grid.yaml", "-o", "page.html")
    refused("cut_file", 65, "cut.h5", "cut.h5", "-o", "mine.html")
    refused("missing_output", 64, "-o OUT.html", "grid.h5")
    refused("missing_folder", 73, "nowhere/page.html", "grid.h5", "-o", "nowhere/page.html")
    refused("folder_for_a_page", 73, "folder", "grid.h5", "-o", "folder")
    refused("no_gnuplot", 73, "gnuplot", "grid.h5", "-o", "mine.html", env={**os.environ, "PATH": "/nonexistent"})
    broken = pathlib.Path("bin/gnuplot")
    broken.write_text("#!/bin/sh\ncat >/dev/null\nexit 1\n")
    broken.chmod(0o755)
    broken_first = {**os.environ, "PATH": f"{scratch}/bin:{os.environ['PATH']}"}
    refused("failing_gnuplot", 74, "gnuplot", "grid.h5", "-o", "mine.html", env=broken_first)
    refused("full_disk", 74, "mine.html", "grid.h5", "-o", "mine.html", preexec_fn=small_files)


def small_files():
    """Limits the size of files to less than the page, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, resource.RLIM_INFINITY))


def main():
    if shutil.which("gnuplot") is None:
        skip("report_test", "no gnuplot here")
        return
    os.mkdir("folder")
    os.mkdir("bin")
    for name, text in CASES.items():
        pathlib.Path(f"{name}.yaml").write_text(text, encoding="utf-8")
        zem("run", f"{name}.yaml", "--quiet", "--device", "openmp", check=True)
    bare()
    pages()
    failures()


main()
