#!/usr/bin/env python3
"""The part of a page of zem report that is explored by pointer and keyboard, in a headless Chromium. What the page says
under the pointer equals the numbers of the file, to the printed digits. Choices, slices, lines, picked cells, the
difference of two cells and CSV work by mouse, finger and keyboard. The page's tests of a difference have the p-values
of zem diff. Without JavaScript the page is complete, and on paper no page is half empty. Needs gnuplot, Chromium with
its driver, and Selenium; the check of printed pages needs poppler-utils."""
import base64
import csv
import fractions
import io
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import time

from python.expect import check, skip, verdict, zem

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None

TOP = pathlib.Path.cwd()
HEAD = """zem: 1
title: A page to explore
description: The description of the page.
engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}
target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}
interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, autopilot_lag: 0.2 s, acceleration_limit: 20 gravity}
"""
SWEEP = """sweep:
  - {parameter: target.acceleration, from: 1 gravity, to: 9 gravity, points: 5}
  - {parameter: target.period, from: 0.5 s, to: 4 s, points: 4, spacing: log}
"""
GRID = HEAD + "scoring: {hit_radius: [0.5 m, 1 m]}\nrun: {trials: 301, seed: 1}\n" + SWEEP + \
    "  - {parameter: run.confidence, values: [0.5, 0.95, 0.99]}\n"
# A probability of 4096 trials is a multiple of 1/4096. Many of these lie in the middle between two numbers of 5 digits,
# so that the rounding of the page is tested.
PAIRS = HEAD + "scoring: {hit_radius: 1 m}\nsalvo: {shots: 2, spacing: 0.2 s}\n" \
    "run: {trials: 4096, seed: 1, random_numbers: common}\n" + SWEEP[:SWEEP.index("  - {parameter: target.period")]
# In the first cell no trial comes to a closest approach, so it has no miss.
EMPTY = """zem: 1
engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}
target: {speed: 2 km/s, flight_path_angle: -40 degree}
interceptor: {speed: 1.5 km/s, flight_path_angle: 40 degree, guidance: pn, autopilot_lag: 0.2 s}
scoring: {hit_radius: 1 m}
run: {trials: 300, seed: 1}
sweep: [{parameter: interceptor.heading_error_y, values: [175 degree, 2 degree, 1 degree]}]
"""
BIG = HEAD + "scoring: {hit_radius: [0.5 m, 1 m, 3 m]}\nrun: {trials: 16, seed: 1, step: 100 ms}\nsweep:\n" \
    "  - {parameter: target.acceleration, from: 1 gravity, to: 9 gravity, points: 100}\n" \
    "  - {parameter: target.period, from: 0.3 s, to: 6 s, points: 334, spacing: log}\n" \
    "  - {parameter: interceptor.navigation_gain, values: [3, 4, 5]}\n"


def table_of(name):
    """Returns the rows of zem export. Row k is cell k."""
    return list(csv.DictReader(io.StringIO(zem("export", f"{name}.h5").stdout)))


class Browser:
    """A browser window with a page of this test, and methods that do what the hand of a user does."""

    def __init__(self):
        options = Options()
        options.binary_location = shutil.which("chromium")
        for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                       "--hide-scrollbars"):
            options.add_argument(option)
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.call("Page.setDownloadBehavior", behavior="allow", downloadPath=os.getcwd())

    def call(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    def open(self, name, width=1400, script=True):
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1,
                  mobile=width < 700)
        self.driver.get(pathlib.Path(f"{name}.html").resolve().as_uri())

    def evaluate(self, script, *arguments):
        return self.driver.execute_script("return " + script, *arguments)

    def text(self, identity):
        return self.driver.find_element("id", identity).text

    def place(self, across, upward):
        """Returns x and y in the window of a point on the map, which is given as shares of the map's width and
        height."""
        return self.evaluate("""(() => { const frame = document.getElementById("zem-frame");
            frame.scrollIntoView();
            const box = frame.getBoundingClientRect(), map = frame.querySelector("rect");
            const of = (name) => Number(map.getAttribute(name));
            return [box.left + of("x") + arguments[0] * of("width"),
                    box.top + of("y") + (1 - arguments[1]) * of("height")]; })()""", across, upward)

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def hover(self, across, upward):
        self.mouse("mouseMoved", *self.place(across, upward))
        return self.text("zem-readout")

    def click(self, across, upward):
        x, y = self.place(across, upward)
        self.mouse("mouseMoved", x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y, button="left", clickCount=1)

    def tap(self, across, upward):
        x, y = self.place(across, upward)
        self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self.call("Emulation.setTouchEmulationEnabled", enabled=False)

    def key(self, key):
        code = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Enter": 13}[key]
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def choose(self, identity, words):
        select = self.driver.find_element("id", identity)
        for option in select.find_elements("tag name", "option"):
            if option.text.split(":")[0] == words:
                option.click()
                return
        raise LookupError(f"{identity} does not offer {words}")

    def download(self, button):
        """Clicks the button, waits for the new file and returns its rows and its name. Chromium first reserves the name
        with an empty file, which it then replaces, so that only files with a size count."""
        before = set(pathlib.Path(".").glob("*.csv"))
        self.driver.find_element("id", button).click()
        for _ in range(600):
            new = {path for path in set(pathlib.Path(".").glob("*.csv")) - before if path.stat().st_size > 0}
            if new:
                path = new.pop()
                rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
                path.unlink()
                return rows, path.name
            time.sleep(0.1)
        return [], "nothing"

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


def said_of(row, variable, element, percent, method):
    """Returns the sentence that the page must print about a probability in a cell, from the numbers of zem export."""
    numbers = tuple("%.5g" % float(row[f"{name}[{element}]"])
                    for name in (variable, f"{variable}_lower", f"{variable}_upper"))
    hits = round(float(row[f"{variable}[{element}]"]) * int(row["trials"]))
    return "{}[{}] = {} [{}, {}], {} of {} trials, {} % {} interval".format(
        variable, element, *numbers, hits, row["trials"], percent, method)


def shares(i, points):
    return (i + 0.5) / points


def fisher(first, second):
    """Returns the p-value of Fisher's exact test in whole numbers: the share of the tables that are no more probable
    than the observed one."""
    (a, m), (b, n) = first, second
    weights = {k: math.comb(m, k) * math.comb(n, a + b - k) for k in range(max(0, a + b - n), min(m, a + b) + 1)}
    near = sum(w for w in weights.values() if 10**7 * w <= (10**7 + 1) * weights[a])
    return float(fractions.Fraction(near, sum(weights.values())))


# ---- what the pointer says

def check_hover(browser):
    rows = table_of("grid")
    browser.open("grid")
    browser.choose("zem-element", "0.5 m")
    wrong = []
    for i in range(5):
        for j in range(4):
            row = rows[(i * 4 + j) * 3 + 1]
            said, wanted = browser.hover(shares(i, 5), shares(j, 4)), said_of(row, "p_hit", "0.5 m", 95, "Wilson")
            if f"cell {i},{j},1 (" not in said or not said.endswith(wanted):
                wrong.append(f"{said} instead of {wanted}")
    verdict("the_pointer_says_what_the_file_says", "; ".join(wrong[:2]))
    browser.choose("zem-element", "1 m")
    wanted = said_of(rows[(3 * 4 + 2) * 3 + 1], "p_hit", "1 m", 95, "Wilson")
    said = browser.hover(shares(3, 5), shares(2, 4))
    check("another_radius_is_chosen", said.endswith(wanted), said)
    browser.choose("zem-variable", "miss_mean")
    said, wanted = browser.hover(shares(3, 5), shares(2, 4)), float(rows[(3 * 4 + 2) * 3 + 1]["miss_mean (m)"])
    check("another_variable_is_chosen", "miss_mean = %.5g m [" % wanted in said
          and said.endswith(", 301 trials"), said)
    browser.choose("zem-variable", "miss_quantile")
    browser.choose("zem-element", "0.5")
    row = rows[(3 * 4 + 2) * 3 + 1]
    numbers = tuple(float(row[f"miss_quantile{end}[0.5] (m)"]) for end in ("", "_lower", "_upper"))
    said, wanted = browser.hover(shares(3, 5), shares(2, 4)), "miss_quantile[0.5] = %.5g m [%.5g, %.5g], 95 %% interval"
    check("quantiles_have_their_limits", wanted % numbers in said, said)


def check_colors(browser):
    """The middle of each cell has the colour that the colour map of host/view/color_map.c gives its value. Three of 256
    steps are allowed, for rounding."""
    text = (TOP / "host/view/color_map.c").read_text(encoding="utf-8")
    stops = [[int(color[k:k + 2], 16) for k in (0, 2, 4)]
             for color in re.findall("0x([0-9a-f]{6})", text[text.index("zem_color_viridis"):])[:9]]
    rows, wrong = table_of("grid"), []
    browser.open("grid")
    browser.choose("zem-element", "0.5 m")
    for i in range(5):
        for j in range(4):
            p = float(rows[(i * 4 + j) * 3 + 1]["p_hit[0.5 m]"])
            low = min(int(p * 8), 7)
            wanted = [a + (b - a) * (p * 8 - low) for a, b in zip(stops[low], stops[low + 1])]
            seen = browser.evaluate("""(() => { const canvas = document.getElementById("zem-cells");
                return [...canvas.getContext("2d").getImageData(arguments[0] * canvas.width,
                    (1 - arguments[1]) * canvas.height, 1, 1).data]; })()""", shares(i, 5), shares(j, 4))
            if max(abs(a - b) for a, b in zip(seen, wanted)) > 3:
                wrong.append(f"{seen} instead of {wanted} in cell {i},{j}")
    verdict("cells_have_the_colors_of_their_values", "; ".join(wrong[:2]))


def check_slices(browser):
    rows = table_of("grid")
    browser.open("grid")
    browser.choose("zem-element", "0.5 m")
    browser.evaluate("document.querySelector('#zem-held input').focus()")
    browser.key("ArrowRight")
    said = browser.hover(shares(4, 5), shares(0, 4))
    wanted = said_of(rows[4 * 4 * 3 + 2], "p_hit", "0.5 m", 99, "Wilson")
    check("an_axis_is_held_elsewhere", browser.text("zem-held").endswith("0.99") and said.endswith(wanted),
          f"{said}, not {wanted}")
    browser.choose("zem-across", "period")
    said = browser.hover(shares(1, 4), shares(4, 5))
    check("axes_change_places", "cell 4,1,2 (" in said, said)
    browser.choose("zem-upward", "confidence")
    # Three points at 0.5, 0.95 and 0.99 share this axis. Two cells meet in the middle between their points.
    said = [browser.hover(shares(1, 4), share) for share in (0.2, 0.85, 0.99)]
    check("any_two_axes_are_shown", all(f"cell 2,1,{k} (" in text for k, text in enumerate(said)), str(said))


# ---- picks

def counts_of(row, element):
    return [int(row[f"hits[{element}]"]), int(row["trials"])]


def check_picks(browser):
    rows = table_of("grid")
    browser.open("grid")
    browser.choose("zem-element", "0.5 m")
    before = browser.text("zem-difference")
    browser.click(shares(1, 5), shares(0, 4))
    after = browser.text("zem-difference")
    check("the_first_click_does_what_the_page_says", "until a click picks another A" in before and "Click a second cell"
          in after and "cell 1,0," in after, f"{before} / {after}")
    browser.click(shares(4, 5), shares(2, 4))
    first, second = (counts_of(rows[cell * 3 + 1], "0.5 m") for cell in (4, 4 * 4 + 2))
    said = browser.text("zem-difference")
    p, comparisons = fisher(first, second), 60 * 59 // 2 * 2
    found = re.search(r"p-value\s+(\S+) for this pair alone.* at most (\S+)", said)
    good = found and math.isclose(float(found[1]), p, rel_tol=6e-3) and math.isclose(
        float(found[2]), min(1, p * comparisons), rel_tol=6e-3)
    check("two_picked_cells_are_compared", good and f"{comparisons} comparisons" in said, f"p = {p}: {said}")
    value = second[0] / second[1] - first[0] / first[1]
    check("the_difference_is_the_second_minus_the_first", "%+.5g [" % value in said, said)
    check("a_clear_difference_is_significant", "The difference is significant at 95 %, also" in said, said)
    lines = browser.evaluate("""[...document.querySelectorAll(".cut")].map((cut) => [cut.dataset.pick,
        cut.getAttribute("d").split(/[ML]/).length - 1])""")
    check("lines_go_through_both", lines == [["A", 5], ["B", 5], ["A", 4], ["B", 4]], str(lines))
    bands = browser.evaluate("document.querySelectorAll('.band').length")
    check("lines_have_bands", bands == 4, str(bands))
    heights = browser.evaluate("""[...document.querySelector(".cut").getAttribute("d").matchAll(/ ([0-9.]+)/g)].map(
        (found) => Number(found[1]))""")
    values = [float(rows[(i * 4) * 3 + 1]["p_hit[0.5 m]"]) for i in range(5)]
    box = browser.evaluate("""(() => { const box = document.querySelector("#zem-cuts rect");
        return [Number(box.getAttribute("y")), Number(box.getAttribute("height"))]; })()""")
    check("a_line_has_the_values", all(abs(y - (box[0] + box[1] * (1 - p))) < 0.06 for y, p in zip(heights, values)),
          f"{heights} for {values}")
    browser.click(shares(1, 5), shares(0, 4))
    check("a_third_click_begins_anew", "Click a second cell" in browser.text("zem-difference"))
    browser.click(shares(1, 5), shares(0, 4))
    check("a_cell_is_not_compared_with_itself", "Both cells are the same" in browser.text("zem-difference"))
    browser.choose("zem-variable", "miss_mean")
    browser.click(shares(1, 5), shares(0, 4))
    browser.click(shares(2, 5), shares(0, 4))
    check("a_mean_has_no_test", "A test is made of probabilities alone" in browser.text("zem-difference"))


def check_near_differences(browser):
    """A difference may be significant for its pair alone and not among all pairs; the page then says so."""
    rows, words = table_of("grid"), {}
    browser.open("grid")
    browser.choose("zem-element", "0.5 m")
    for b in range(1, 20):
        p = fisher(*(counts_of(rows[cell * 3 + 1], "0.5 m") for cell in (b - 1, b)))
        kind = "also" if p * 3540 <= 0.05 else "only" if p <= 0.05 else "not"
        if kind not in words and b // 4 == (b - 1) // 4:
            browser.click(shares((b - 1) // 4, 5), shares((b - 1) % 4, 4))
            browser.click(shares(b // 4, 5), shares(b % 4, 4))
            words[kind] = browser.text("zem-verdict")
            browser.open("grid")
            browser.choose("zem-element", "0.5 m")
    expected = {"also": "95 %, also for a pair", "only": "only if this pair was chosen before",
                "not": "not significant"}
    check("verdicts_follow_the_p_values", "not" in words and len(words) > 1 and all(
        expected[kind] in said for kind, said in words.items()), str(words))


def check_statistics(browser):
    """The page's tests and intervals of a difference are those of zem diff, for every cell of two results."""
    browser.open("grid")
    for name, second, options, function, correlation in (
            ("fisher", "other", (), "fisher", 0), ("any_dependence", "gain", ("--pairs-max", "0"), "dependent", -1)):
        items = json.loads(zem("diff", "grid.h5", f"{second}.h5", "--json", *options).stdout)["differences"]
        trials, wrong, kinds = 301, [], set()
        for item in items:
            counts = [[round(item[side] * trials), trials] for side in ("first", "second")]
            p = browser.evaluate(f"zemExplorer.{function}(...arguments)", *counts)
            limits = browser.evaluate("zemExplorer.differenceInterval(...arguments)", *counts, correlation, 0.95)
            kinds.add(item["basis"])
            if not (math.isclose(p, item["p_value"], rel_tol=1e-9) and abs(limits[0] - item["lower"]) < 1e-12
                    and abs(limits[1] - item["upper"]) < 1e-12):
                wrong.append(f"{counts}: {p}, {limits} and not {item['p_value']}, {item['lower']}, {item['upper']}")
        check(f"{name}_is_that_of_diff", not wrong and kinds == {name}, f"{kinds} {wrong[:2]}")
    p, wanted = browser.evaluate("zemExplorer.fisher([500, 1000], [560, 1000])"), fisher((500, 1000), (560, 1000))
    check("fisher_is_exact", math.isclose(p, wanted, rel_tol=1e-9), f"{p} and not {wanted}")
    p = browser.evaluate("zemExplorer.fisher([4e9, 8e9], [4.0003e9, 8e9])")
    z = (3e5 - 1) / math.sqrt(16e9 * 0.25)  # less one by the continuity correction, over the root of the variance
    check("fisher_goes_on_beyond_a_variance_of_1e8", math.isclose(p, math.erfc(z / math.sqrt(2)), rel_tol=2e-3),
          f"{p} and not {math.erfc(z / math.sqrt(2))}")
    ties = [k / 4096 for k in range(1, 4096)] + [1.5, 123456.5, 1e-7, 3e22, 0.30000000000000004]
    printed = browser.evaluate("arguments[0].map((x) => zemExplorer.general(x, 5))", ties)
    wrong = [(x, text) for x, text in zip(ties, printed) if text != "%.5g" % x]
    check("numbers_are_printed_as_printf_does", not wrong, str(wrong[:3]))


def check_pairs(browser):
    rows = table_of("pairs")
    browser.open("pairs")
    said, wanted = browser.hover(shares(2, 5), 0.5), said_of(rows[2], "p_hit", "1 m", 95, "Clopper-Pearson")
    check("exact_intervals_are_those_of_the_file", said.endswith(wanted), f"{said} instead of {wanted}")
    browser.choose("zem-variable", "p_salvo")
    said, wanted = browser.hover(shares(2, 5), 0.5), said_of(rows[2], "p_salvo", "1 m", 95, "Clopper-Pearson")
    check("salvos_are_those_of_the_file", said.endswith(wanted), f"{said} instead of {wanted}")
    browser.click(shares(2, 5), 0.5)
    browser.click(shares(3, 5), 0.5)
    said = browser.text("zem-difference")
    check("shared_random_numbers_have_the_test_for_any_dependence", "holds for any dependence" in said, said)


# ---- other ways in and out

def check_keys_and_fingers(browser):
    browser.open("grid", width=400)
    browser.evaluate("document.getElementById('zem-frame').focus()")
    for key in ("ArrowRight", "ArrowUp", "Enter", "ArrowLeft", "Enter"):
        browser.key(key)
    said = browser.text("zem-difference")
    check("keys_move_and_pick", "cell 3,2,1 (" in said and "cell 2,2,1 (" in said, said)
    browser.tap(shares(0, 5), shares(3, 4))
    said = browser.text("zem-difference")
    check("a_finger_picks", "cell 0,3,1 (" in said, said)
    width = browser.call("Page.getLayoutMetrics")["cssContentSize"]["width"]
    check("the_page_fits_a_phone", width <= 400, str(width))


def check_means(browser):
    """The interval of a mean miss is mean +- 1.959964 deviations over the root of the number of trials, 1.959964 being
    the 97.5 % quantile of the normal distribution. All trials came to a closest approach."""
    rows = table_of("pairs")
    browser.open("pairs")
    browser.choose("zem-variable", "miss_mean")
    row = rows[2]
    half = 1.959964 * float(row["miss_std (m)"]) / math.sqrt(float(row["outcomes[hit_or_miss]"]))
    said = browser.hover(0.5, 0.5)
    found = re.search(r"miss_mean = ([-0-9.e]+) m \[([-0-9.e]+), ([-0-9.e]+)\], 95 % interval, 4096 trials", said)
    wanted = [float(row["miss_mean (m)"]) + sign * half for sign in (0, -1, 1)]
    check("a_mean_has_its_interval", found and all(math.isclose(float(number), value, rel_tol=5e-5)
                                                   for number, value in zip(found.groups(), wanted)), said)
    text = pathlib.Path("pairs.html").read_text(encoding="utf-8")
    least = re.search(r"mean miss, m</th><td class=n[^>]*>([-0-9.e]+)</td><td>\[([-0-9.e]+), ([-0-9.e]+)\] cell (\d)",
                      text)
    row = rows[int(least[4])] if least else rows[0]
    half = 1.959964 * float(row["miss_std (m)"]) / math.sqrt(float(row["outcomes[hit_or_miss]"]))
    check("the_headline_has_it_too", least and abs(0.5 * (float(least[3]) - float(least[2])) / half - 1) < 1e-2,
          str(least))


def check_one_line(browser):
    """If the sweep has one axis, both picked cells lie on the same line. The line is drawn once, with both letters."""
    browser.open("pairs")
    browser.click(0.1, 0.5)
    browser.click(0.9, 0.5)
    lines = browser.evaluate("[...document.querySelectorAll('.cut')].map((cut) => cut.dataset.pick).join()")
    letters = browser.evaluate("[...document.querySelectorAll('#zem-cuts text')].map((text) => text.textContent)"
                               ".filter((text) => text === 'A' || text === 'B').join()")
    check("a_line_through_both_cells_is_drawn_once", (lines, letters) == ("A", "A,B"), f"{lines}; {letters}")


def check_csv(browser):
    rows = table_of("grid")
    browser.open("grid")
    browser.choose("zem-element", "1 m")
    every, name = browser.download("zem-csv-all")
    same = len(every) == len(rows) and all(math.isclose(float(row[key]), float(wanted[key]), rel_tol=1e-13)
                                           for row, wanted in zip(every, rows) for key in row)
    names = ["cell", "acceleration (gravity)", "period (s)", "confidence", "trials", "hits[1 m]", "p_hit[1 m]",
             "p_hit_lower[1 m]", "p_hit_upper[1 m]"]
    check("the_csv_is_that_of_export", same and list(every[0]) == names, str(every[:1]))
    check("the_csv_is_named", name == "grid-p_hit.csv", name)
    shown, other = browser.download("zem-csv-map")
    check("the_csv_of_the_map_has_a_name_of_its_own", other == "grid-p_hit-map.csv", other)
    cells = [int(row["cell"]) for row in shown]
    check("the_csv_of_the_map_has_its_cells", cells == list(range(1, 60, 3)), str(cells))


def check_odd_file(browser):
    """A page whose file name has a percent sign that encodes nothing, and whose first cell has no miss."""
    rows = table_of("odd")
    pathlib.Path("odd.html").rename("50%.html")
    browser.open("grid")
    browser.driver.get(pathlib.Path(".").resolve().as_uri() + "/50%.html")  # as a user may write it
    browser.choose("zem-variable", "miss_quantile")
    every, name = browser.download("zem-csv-all")
    check("a_percent_sign_in_the_name_does_no_harm", name == "50%-miss_quantile.csv", name)
    limits = [key for key in every[0] if key.startswith("miss_quantile_")] if every else []
    check("the_csv_has_limits_that_the_first_cell_has_not",
          len(limits) == 2 and all(row[key] == "" for key in limits for row in every[:1])
          and all(math.isclose(float(row[key]), float(wanted[key]), rel_tol=1e-13)
                  for row, wanted in zip(every[1:], rows[1:]) for key in limits), f"{limits}: {every[:2]}")


def check_without_script(browser):
    for width in (1400, 400):
        browser.open("grid", width=width, script=False)
        root = browser.call("DOM.getDocument")["root"]["nodeId"]
        node = browser.call("DOM.querySelector", nodeId=root, selector="#explore")["nodeId"]
        box = browser.call("Page.getLayoutMetrics")["cssContentSize"]
        try:
            browser.call("DOM.getBoxModel", nodeId=node)
            seen = True
        except Exception:  # pylint: disable=broad-except  # an element without a box has no model
            seen = False
        check(f"nothing_dead_is_shown_without_script/{width}", not seen and box["width"] <= width, f"{seen} {box}")


def check_print(browser):
    if shutil.which("pdftoppm") is None or shutil.which("pdftotext") is None:
        skip("printed_pages", "poppler-utils is not installed")
        return
    for script in (True, False):
        browser.open("grid", script=script)
        sheet = browser.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True)["data"]
        pathlib.Path("page.pdf").write_bytes(base64.b64decode(sheet))
        words = subprocess.run(["pdftotext", "page.pdf", "-"], capture_output=True, text=True, check=True).stdout
        name = "with_script" if script else "without_script"
        complete = "values: [0.5, 0.95, 0.99]" in words and "Download" not in words
        check(f"print_has_the_scenario/{name}", complete, words[-300:])
        subprocess.run(["pdftoppm", "-r", "20", "-gray", "page.pdf", "sheet"], check=True)
        filled = []
        for path in sorted(pathlib.Path(".").glob("sheet-*.pgm")):
            head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", path.read_bytes())
            width, rows, dots = int(head[1]), int(head[2]), path.read_bytes()[head.end():]
            filled.append(max(y for y in range(rows) if min(dots[y * width:(y + 1) * width]) < 200) / rows)
            path.unlink()
        check(f"no_printed_page_is_half_empty/{name}", len(filled) > 1 and min(filled[:-1]) > 0.55, str(filled))


def check_printed_words(browser):
    """A long command leaves the names of the rows, and the numbers, on one line each."""
    if shutil.which("pdftotext") is None:
        skip("printed_words_are_whole", "poppler-utils is not installed")
        return
    zem("run", "grid.yaml", "-o", "long.h5", "--quiet", "--set", "description='" + "a long description, " * 20 + "'")
    zem("report", "long.h5", "-o", "long.html")
    browser.open("long")
    sheet = browser.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True)["data"]
    pathlib.Path("long.pdf").write_bytes(base64.b64decode(sheet))
    words = subprocess.run(["pdftotext", "long.pdf", "-"], capture_output=True, text=True, check=True).stdout
    cut = [text for text in ("made by", "command", "digest of") if text not in words] \
        + re.findall(r"[0-9]e-\n", words)
    check("printed_words_are_whole", not cut, str(cut))


def check_large(browser):
    size = pathlib.Path("big.html").stat().st_size
    check("a_page_of_100200_cells_has_less_than_15_megabytes", size < 15e6, str(size))
    browser.open("big")
    browser.choose("zem-element", "1 m")
    drawn = browser.evaluate("zemExplorer.drawn()")
    row = table_of("big")[(70 * 334 + 100) * 3 + 1]
    said, wanted = browser.hover(shares(70, 100), shares(100, 334)), said_of(row, "p_hit", "1 m", 95, "Wilson")
    check("a_large_page_says_what_the_file_says", "cell 70,100,1 (" in said and said.endswith(wanted), said)
    check("the_pointer_does_not_draw_the_map_anew", browser.evaluate("zemExplorer.drawn()") == drawn)


def make():
    for name, text, options in (("grid", GRID, ()), ("odd", EMPTY, ()), ("other", GRID, ("--seed", "2")),
                                ("big", BIG, ()),
                                ("gain", GRID, ("--set", "interceptor.navigation_gain=3")),
                                ("pairs", PAIRS, ("--interval", "clopper-pearson"))):
        pathlib.Path(f"{name}.yaml").write_text(text, encoding="utf-8")
        done = zem("run", f"{name}.yaml", "--quiet", "--device", "openmp", *options)
        if done.returncode == 0 and name in ("grid", "odd", "pairs", "big"):
            done = zem("report", f"{name}.h5", "-o", f"{name}.html")
        check(f"{name}_is_made", done.returncode == 0, done.stderr)


def main():
    missing = [name for name in ("gnuplot", "chromium", "chromedriver") if shutil.which(name) is None]
    if webdriver is None or missing:
        skip("explorer_test", f"{', '.join(missing) or 'Selenium'} is not installed")
        return
    os.chdir(os.environ["SCRATCH"])
    make()
    browser = Browser()
    try:
        for step in (check_hover, check_colors, check_slices, check_picks, check_near_differences, check_statistics,
                     check_pairs, check_keys_and_fingers, check_means, check_one_line, check_csv, check_odd_file,
                     check_large):
            try:
                step(browser)
            except Exception as error:  # pylint: disable=broad-except  # a broken page fails one step, not the rest
                verdict(f"{step.__name__}_ends", f"{type(error).__name__}: {str(error).splitlines()[0]}")
            complaints = browser.complaints()
            check(f"{step.__name__}_leaves_the_console_empty", not complaints, str(complaints[:2]))
        browser.open("grid")
        loaded = browser.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        check("the_page_loads_nothing", not loaded, str(loaded))
        check_without_script(browser)
        check_print(browser)
        check_printed_words(browser)
    finally:
        browser.driver.quit()


main()
