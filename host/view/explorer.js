// The script of the section "explore" of a page of zem report: a map over any two axes, lines through picked cells, the
// difference of two cells, and CSV. page_data.c writes its data into the page. It runs once when the page is read, and
// loads nothing. Without it the section stays hidden.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const grid = JSON.parse($("zem-grid").textContent);
  const statistics = zemStatistics, none = -1, picked = ["#000", "#d00000"], letters = ["A", "B"];
  const axes = grid.axes, strides = axes.map(() => 1);
  for (let i = axes.length - 2; i >= 0; i--)
    strides[i] = strides[i + 1] * axes[i + 1].values.length;
  const long = axes.map((_, i) => i).filter((i) => axes[i].values.length > 1);
  const counted = grid.variables.filter((variable) => variable.counted);

  // ---- data

  const blocks = new Map();
  const block = (number) => {
    if (!blocks.has(number)) {
      const element = $("zem-block-" + number), text = atob(element.textContent);
      const bytes = new Uint8Array(text.length), width = element.dataset.width;
      for (let i = 0; i < text.length; i++)
        bytes[i] = text.charCodeAt(i);
      const kind = {1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array, f: Float64Array}[width];
      const values = new kind(bytes.buffer);
      blocks.set(number, width === "8" ? Float64Array.from(values, Number) : values);
    }
    return blocks.get(number);
  };
  const trials = block(grid.trials);

  const indicesOf = (cell) => axes.map((axis, i) => Math.floor(cell / strides[i]) % axis.values.length);
  const cellOf = (indices) => indices.reduce((sum, index, i) => sum + index * strides[i], 0);
  const confidenceOf = (cell) => {
    const swept = axes.findIndex((axis) => axis.confidence.length > 0);
    return swept < 0 ? grid.confidence : axes[swept].confidence[indicesOf(cell)[swept]];
  };

  // Returns a function that computes once for equal arguments, because many cells of a large grid have the same
  // counts.
  const remembered = (compute) => {
    const known = new Map();
    return (...of) => {
      const key = of.join();
      if (!known.has(key))
        known.set(key, compute(...of));
      return known.get(key);
    };
  };
  const interval = remembered(statistics.interval);

  const view = {variable: 0, element: 0, across: long[0], upward: long.length > 1 ? long[1] : none,
                at: axes.map((axis) => Math.floor((axis.values.length - 1) / 2)), cursor: null, pick: [null, null]};
  const variable = () => grid.variables[view.variable];
  const countsOf = (of, cell, element) => [block(of.blocks[element])[cell], trials[cell]];
  const valueOf = (cell) => {
    const of = variable();
    if (!of.counted)
      return block(of.blocks[view.element])[cell];
    const [hits, all] = countsOf(of, cell, view.element);
    return all > 0 ? hits / all : NaN;
  };
  const limitsOf = (cell) => {
    const of = variable();
    const limit = (list) => list && list[view.element] !== null ? block(list[view.element])[cell] : NaN;
    if (of.counted)
      return interval(...countsOf(of, cell, view.element), confidenceOf(cell), grid.interval);
    if (of.error !== undefined) { // a mean: its interval is normal
      const value = valueOf(cell), quantile = statistics.normalQuantile(0.5 + 0.5 * confidenceOf(cell)),
            width = quantile * block(of.error)[cell];
      return isNaN(width) ? null : [Math.max(0, value - width), value + width];
    }
    const lower = limit(of.lower), upper = limit(of.upper);
    return isNaN(lower) || isNaN(upper) ? null : [lower, upper];
  };

  // Returns [low, high] of the scale of colours and lines, which is the same for all slices.
  const scale = remembered((which, element) => {
    if (grid.variables[which].fraction)
      return [0, 1];
    let low = Infinity, high = -Infinity;
    for (const value of block(grid.variables[which].blocks[element])) {
      if (isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return low < high ? [low, high] : isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  });

  // ---- texts

  const entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"};
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => entities[c]);

  // Returns a number as printf writes it with %.<digits>g; a half is rounded to the even digit.
  const general = (x, digits) => {
    if (!isFinite(x))
      return isNaN(x) ? "no trials" : x > 0 ? "inf" : "-inf";
    if (x === 0)
      return "0";
    let [mantissa, exponent] = Math.abs(x).toExponential(digits - 1).split("e");
    const [exact, decade] = Math.abs(x).toExponential(100).split("e"), all = exact.replace(".", "");
    if (/^50*$/.test(all.slice(digits)) && Number(all[digits - 1]) % 2 === 0)
      [mantissa, exponent] = [all[0] + "." + all.slice(1, digits), decade];
    const power = Number(exponent), figures = mantissa.replace(".", ""), sign = x < 0 ? "-" : "";
    const trimmed = (text) => text.includes(".") ? text.replace(/\.?0*$/, "") : text;
    if (power < -4 || power >= digits)
      return sign + trimmed(mantissa) + "e" + (power < 0 ? "-" : "+") + String(Math.abs(power)).padStart(2, "0");
    return sign + trimmed(power < 0 ? "0." + "0".repeat(-power - 1) + figures :
      figures.slice(0, power + 1) + "." + figures.slice(power + 1));
  };
  const unitOf = (unit) => unit === "1" ? "" : " " + unit;
  const labelOf = (of) => of.unit === "1" ? of.name : `${of.name} (${of.unit})`;
  const cellName = (cell) => {
    const indices = indicesOf(cell);
    return `cell ${indices.join()} (` + axes.map((axis, i) =>
      `${axis.name} = ${general(axis.values[indices[i]], 6)}${unitOf(axis.unit)}`).join(", ") + ")";
  };
  const intervalName = {"wilson": "Wilson", "clopper-pearson": "Clopper-Pearson"}[grid.interval];
  const elementName = () => variable().elements.length > 0 ? `[${variable().elements[view.element]}]` : "";
  const valueText = (cell) => {
    const of = variable(), limits = limitsOf(cell), value = valueOf(cell);
    let text = `${of.name}${elementName()} = ${general(value, 5)}${isNaN(value) ? "" : unitOf(of.unit)}`;
    if (limits !== null)
      text += ` [${general(limits[0], 5)}, ${general(limits[1], 5)}], ` + (of.counted ?
        `${countsOf(of, cell, view.element).join(" of ")} trials, ` : "") +
        `${general(100 * confidenceOf(cell), 6)} %${of.counted ? " " + intervalName : ""} interval`;
    return text + (of.counted ? "" : `, ${trials[cell]} trials`);
  };

  // ---- places of points and cells

  // Returns where the points of axis i and the edges of their cells lie, from 0 to 1: by the values of the axis, by
  // their logarithms for a logarithmic axis, or by their order if they are not sorted. A cell ends midway between two
  // points.
  const placesOf = remembered((i) => {
    const axis = axes[i], logarithmic = axis.logarithmic && axis.values.every((value) => value > 0);
    let at = axis.values.map((value) => logarithmic ? Math.log(value) : value);
    const rising = at.every((value, k) => k === 0 || value > at[k - 1]);
    if (!rising && !at.every((value, k) => k === 0 || value < at[k - 1]))
      at = at.map((_, k) => k);
    const last = at.length - 1, edges = [at[0] - 0.5 * (at[1] - at[0])];
    for (let k = 0; k < last; k++)
      edges.push(0.5 * (at[k] + at[k + 1]));
    edges.push(at[last] + 0.5 * (at[last] - at[last - 1]));
    const share = (value) => (value - edges[0]) / (edges[last + 1] - edges[0]);
    return {points: at.map(share), edges: edges.map(share)};
  });
  const strip = {points: [0.5], edges: [0, 1]};
  const placesAcross = () => placesOf(view.across);
  const placesUpward = () => view.upward === none ? strip : placesOf(view.upward);
  const indexAt = (places, share) => {
    let low = 0, high = places.edges.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (places.edges[middle] <= share)
        low = middle;
      else
        high = middle;
    }
    return low;
  };
  const shown = (across, upward) => {
    const indices = view.at.slice();
    indices[view.across] = across;
    if (view.upward !== none)
      indices[view.upward] = upward;
    return cellOf(indices);
  };
  const isShown = (cell) => indicesOf(cell).every((index, i) =>
    i === view.across || i === view.upward || index === view.at[i]);

  // Returns [place, text] of the labels that have room on axis i: the axis has `size` pixels, a label `room(text)`.
  const labelled = (i, size, room) => {
    const places = placesOf(i).points, chosen = [];
    let free = -Infinity;
    places.forEach((place, k) => {
      const text = general(axes[i].values[k], 4), half = 0.5 * room(text);
      if (place * size - half >= free) {
        chosen.push([place * size, text]);
        free = place * size + half + 6;
      }
    });
    return chosen;
  };
  const wide = (text) => 7 * text.length;
  const line = (x1, y1, x2, y2, color = "#222") =>
    `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke="${color}" fill="none"/>`;
  const text = (x, y, anchor, words, more = "") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${more}>${escaped(words)}</text>`;

  // ---- the map

  const palette = (() => {
    const stops = grid.colors.map((color) => [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16)));
    return Uint32Array.from({length: 256}, (_, i) => {
      const place = i / 255 * (stops.length - 1), stop = Math.min(Math.floor(place), stops.length - 2);
      const [r, g, b] = stops[stop].map((c, k) => Math.round(c + (stops[stop + 1][k] - c) * (place - stop)));
      return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
    });
  })();
  const missing = 0xffb0b0b0, css = (color) => `rgb(${color & 255},${color >> 8 & 255},${color >> 16 & 255})`;
  const frame = {left: 0, top: 10, width: 0, height: 0, drawn: 0};

  // Draws the cells. The canvas has the pixels of the screen; each pixel has the colour of the cell in which it lies.
  const drawCells = () => {
    const canvas = $("zem-cells"), ratio = window.devicePixelRatio || 1;
    const [columns, rows] = [frame.width, frame.height].map((size) => Math.max(1, Math.round(size * ratio)));
    Object.assign(canvas, {width: columns, height: rows});
    Object.assign(canvas.style, {left: frame.left + "px", top: frame.top + "px", width: frame.width + "px",
                                 height: frame.height + "px"});
    const picture = canvas.getContext("2d").createImageData(columns, rows);
    const pixel = new Uint32Array(picture.data.buffer);
    const across = Array.from({length: columns}, (_, x) => indexAt(placesAcross(), (x + 0.5) / columns));
    const [low, high] = scale(view.variable, view.element);
    const stop = (value) => isNaN(value) ? missing :
      palette[Math.max(0, Math.min(255, Math.round(255 * (value - low) / (high - low))))];
    let before = -1, colors = [];
    for (let y = 0; y < rows; y++) {
      const upward = indexAt(placesUpward(), 1 - (y + 0.5) / rows);
      if (upward !== before)
        colors = placesAcross().points.map((_, k) => stop(valueOf(shown(k, upward))));
      before = upward;
      for (let x = 0; x < columns; x++)
        pixel[y * columns + x] = colors[across[x]];
    }
    canvas.getContext("2d").putImageData(picture, 0, 0);
    frame.drawn++;
  };

  const colorBar = (top) => {
    const [low, high] = scale(view.variable, view.element), steps = 64;
    let parts = "";
    for (let i = 0; i < steps; i++)
      parts += `<rect x="${(frame.left + frame.width * i / steps).toFixed(1)}" y="${top}" height="12" ` +
        `width="${(frame.width / steps + 0.6).toFixed(1)}" fill="${css(palette[Math.round(255 * i / (steps - 1))])}"/>`;
    for (let i = 0; i <= 4; i++)
      parts += text(frame.left + frame.width * i / 4, top + 26, i === 0 ? "start" : i === 4 ? "end" : "middle",
                    general(low + (high - low) * i / 4, 3));
    const of = variable();
    const element = of.elements.length > 0 ? `, ${of.over.replace("_", " ")} ${of.elements[view.element]}` : "";
    return parts + text(frame.left + frame.width / 2, top + 43, "middle",
                        of.title + (of.unit === "1" ? "" : ` (${of.unit})`) + element);
  };

  const outline = (cell, color, letter) => {
    const indices = indicesOf(cell), across = indices[view.across],
          upward = view.upward === none ? 0 : indices[view.upward];
    const [x1, x2] = [0, 1].map((k) => frame.left + frame.width * placesAcross().edges[across + k]),
          [y1, y2] = [1, 0].map((k) => frame.top + frame.height * (1 - placesUpward().edges[upward + k]));
    const box = (stroke, width) => `<rect x="${(x1 - 1).toFixed(1)}" y="${(y1 - 1).toFixed(1)}" ` +
      `width="${(x2 - x1 + 2).toFixed(1)}" height="${(y2 - y1 + 2).toFixed(1)}" fill="none" stroke="${stroke}" ` +
      `stroke-width="${width}"/>`;
    const at = Math.min(Math.max(0.5 * (x1 + x2), frame.left + 8), frame.left + frame.width - 8);
    return box("#fff", 4) + box(color, 2) + (letter === undefined ? "" : `<circle cx="${at.toFixed(1)}" ` +
      `cy="${(0.5 * (y1 + y2)).toFixed(1)}" r="8" fill="#fff" stroke="${color}"/>` +
      text(at, 0.5 * (y1 + y2) + 4, "middle", letter, ` style="fill:${color};font-weight:bold"`));
  };

  const drawMarks = () => {
    let marks = "";
    view.pick.forEach((cell, k) => {
      if (cell !== null && isShown(cell))
        marks += outline(cell, picked[k], letters[k]);
    });
    if (view.cursor !== null && isShown(view.cursor))
      marks += outline(view.cursor, "#06c");
    $("zem-marks").innerHTML = marks;
    $("zem-readout").textContent = view.cursor === null ? "Point at a cell." :
      `${cellName(view.cursor)}: ${valueText(view.cursor)}`;
  };

  const drawMap = () => {
    const width = $("zem-map").clientWidth, flat = view.upward === none;
    frame.left = flat ? 12 : 12 + Math.max(30, ...labelled(view.upward, 300, () => 14).map((at) => wide(at[1]))) + 20;
    frame.width = Math.max(80, width - frame.left - 16);
    frame.height = flat ? 48 : Math.max(220, Math.min(520, 0.55 * frame.width));
    const bottom = frame.top + frame.height, height = bottom + 96;
    let parts = "";
    for (const [x, words] of labelled(view.across, frame.width, wide))
      parts += line(frame.left + x, bottom, frame.left + x, bottom + 5) +
        text(frame.left + x, bottom + 18, "middle", words);
    parts += text(frame.left + frame.width / 2, bottom + 35, "middle", labelOf(axes[view.across]));
    if (!flat) {
      for (const [y, words] of labelled(view.upward, frame.height, () => 14))
        parts += line(frame.left - 5, bottom - y, frame.left, bottom - y) +
          text(frame.left - 8, bottom - y + 4, "end", words);
      parts += text(0, 0, "middle", labelOf(axes[view.upward]),
                    ` transform="translate(12,${(frame.top + frame.height / 2).toFixed(1)}) rotate(-90)"`);
    }
    const svg = $("zem-frame");
    svg.setAttribute("height", height);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.innerHTML = `<rect x="${frame.left}" y="${frame.top}" width="${frame.width}" height="${frame.height}" ` +
      `fill="none" stroke="#222"/>${parts}${colorBar(bottom + 46)}<g id="zem-marks"></g>`;
    drawCells();
    drawMarks();
  };

  // ---- lines through the picked cells

  const cut = (svg, i) => {
    const width = Math.max(260, svg.clientWidth), height = 260;
    const left = 58, right = width - 12, top = 24, bottom = 212;
    const [low, high] = scale(view.variable, view.element), places = placesOf(i).points;
    const x = (k) => left + (right - left) * places[k];
    const y = (value) => bottom - (bottom - top) * Math.max(0, Math.min(1, (value - low) / (high - low)));
    let parts = `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" ` +
      `stroke="#222"/>`;
    for (let k = 0; k <= 4; k++) {
      const value = low + (high - low) * k / 4;
      parts += line(left, y(value), right, y(value), "#ddd") + text(left - 6, y(value) + 4, "end", general(value, 3));
    }
    for (const [at, words] of labelled(i, right - left, wide))
      parts += line(left + at, bottom, left + at, bottom + 5) + text(left + at, bottom + 18, "middle", words);
    parts += text((left + right) / 2, bottom + 36, "middle", labelOf(axes[i]));
    view.pick.forEach((cell, which) => {
      if (cell === null)
        return;
      const along = cell - indicesOf(cell)[i] * strides[i], first = view.pick[0];
      const isDrawn = which === 1 && along === first - indicesOf(first)[i] * strides[i]; // drawn for A already
      const values = places.map((_, k) => valueOf(along + k * strides[i])),
            limits = places.map((_, k) => limitsOf(along + k * strides[i]));
      // points without a value are left out
      const points = places.map((_, k) => k).filter((k) => isFinite(values[k]));
      const banded = points.filter((k) => limits[k] !== null);
      const path = (list) => list.map(([a, b], k) => `${k === 0 ? "M" : "L"}${a.toFixed(1)} ${b.toFixed(1)}`).join("");
      if (banded.length > 0 && !isDrawn)
        parts += `<path class="band" fill="${picked[which]}" fill-opacity="0.18" d="` +
          path([...banded.map((k) => [x(k), y(limits[k][1])]),
                ...banded.reverse().map((k) => [x(k), y(limits[k][0])])]) + `Z"/>`;
      parts += isDrawn ? "" : `<path class="cut" data-pick="${letters[which]}" fill="none" stroke="${picked[which]}" ` +
        `stroke-width="1.5" ${which === 1 ? 'stroke-dasharray="6 3" ' : ""}` +
        `d="${path(points.map((k) => [x(k), y(values[k])]))}"/>`;
      const here = indicesOf(cell)[i];
      if (isFinite(values[here]))
        parts += `<circle cx="${x(here).toFixed(1)}" cy="${y(values[here]).toFixed(1)}" r="4" ` +
          `fill="${picked[which]}"/>` +
          text(x(here) + 8, y(values[here]) - 6, "start", letters[which], ` style="fill:${picked[which]}"`);
    });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    svg.innerHTML = parts;
    svg.onpointermove = (event) => {
      const box = svg.getBoundingClientRect(), from = view.pick[0];
      const share = ((event.clientX - box.left) * width / box.width - left) / (right - left);
      if (share < 0 || share > 1)
        return;
      view.cursor = from + (indexAt(placesOf(i), share) - indicesOf(from)[i]) * strides[i];
      drawMarks();
    };
  };

  const drawCuts = () => {
    const wanted = view.upward === none ? [view.across] : [view.across, view.upward];
    $("zem-cuts").innerHTML = wanted.map((i) => `<svg role="img" id="zem-cut-${i}" aria-label="` +
      `${escaped(variable().title)} along ${escaped(axes[i].name)} through the picked cells"></svg>`).join("");
    wanted.forEach((i) => cut($(`zem-cut-${i}`), i));
  };

  // ---- the difference of two cells

  const cellsWithTrials = trials.reduce((count, all) => count + (all > 0 ? 1 : 0), 0);

  // Compares cell A (`first`) with cell B (`second`), each [hits, trials]. Returns the p-value of the test of zem diff;
  // the number of comparisons (all pairs of cells, at every radius, for every probability); the p-value adjusted for a
  // choice among them (Bonferroni); B minus A; and its intervals for this pair alone and for all comparisons at once.
  const difference = (first, second) => {
    const common = grid.common_random_numbers, p = (common ? statistics.dependent : statistics.fisher)(first, second);
    const comparisons = cellsWithTrials * (cellsWithTrials - 1) / 2 *
      counted.reduce((sum, of) => sum + of.elements.length, 0);
    const limits = (confidence) => statistics.differenceInterval(first, second, common ? -1 : 0, confidence);
    return {p, comparisons, adjusted: Math.min(1, p * comparisons), value: second[0] / second[1] - first[0] / first[1],
            each: limits(grid.confidence), all: limits(1 - (1 - grid.confidence) / comparisons)};
  };
  const signed = (x) => (x < 0 ? "" : "+") + general(x, 5);
  const pText = (p) => p < 1e-300 ? "<1e-300" : general(p, 3);

  const drawDifference = () => {
    const [a, b] = view.pick, of = variable(), say = (html) => { $("zem-difference").innerHTML = html; };
    const rows = view.pick.map((cell, k) => cell === null ? "" :
      `<tr><th>${letters[k]}</th><td>${escaped(cellName(cell))}: ${escaped(valueText(cell))}</td></tr>`).join("");
    if (b === null || a === b || !of.counted || trials[a] === 0 || trials[b] === 0) {
      const why = frame.fresh ?
        "A is the middle cell until a click picks another A; a second click picks B to compare." :
        b === null ? "Click a second cell to compare it with A." : a === b ? "Both cells are the same." :
        !of.counted ? "A test is made of probabilities alone: choose one as the variable." :
        "A cell without trials cannot be compared.";
      say(`<table>${rows}</table><p>${why}</p>`);
      return;
    }
    const d = difference(countsOf(of, a, view.element), countsOf(of, b, view.element));
    const level = 1 - grid.confidence, percent = general(100 * grid.confidence, 6) + " %";
    const [each, all] = [d.each, d.all].map((limits) => `[${signed(limits[0])}, ${signed(limits[1])}]`);
    const verdict = d.adjusted <= level ?
      `significant at ${percent}, also for a pair that was picked because it differs` :
      d.p <= level ? `significant at ${percent} only if this pair was chosen before the result was seen` :
      `not significant at ${percent}`;
    say(`<table>${rows}<tr><th>B &minus; A</th><td>${signed(d.value)} ${each} for this pair alone, ${all} for all ` +
      `${d.comparisons} comparisons of two cells at once</td></tr><tr><th>p-value</th><td>${pText(d.p)} for this ` +
      `pair alone; one so small among all comparisons has a chance of at most ${pText(d.adjusted)}</td></tr></table>` +
      `<p><strong id="zem-verdict">The difference is ${verdict}.</strong> ` +
      (grid.common_random_numbers ?
        "The cells have the same random numbers and the page does not know their pairs, so the test is that of " +
        "zem diff that holds for any dependence." : "The test is Fisher's exact test, as in zem diff.") + "</p>");
  };

  // ---- CSV

  const quoted = (field) => /[",\r\n]/.test(field) ? `"${field.replace(/"/g, '""')}"` : field;
  const number = (x) => isNaN(x) ? "" : isFinite(x) ? String(x) : x > 0 ? "inf" : "-inf";
  const csv = (cells) => {
    const of = variable(), unit = of.unit === "1" ? "" : ` (${of.unit})`, element = elementName();
    const limited = of.counted || cells.some((cell) => limitsOf(cell) !== null);
    const head = ["cell", ...axes.map(labelOf), "trials", ...(of.counted ? ["hits" + element] : []),
                  ...["", "_lower", "_upper"].slice(0, limited ? 3 : 1).map((end) => of.name + end + element + unit)];
    if (of.counted && of !== counted[0])
      head[axes.length + 2] = of.name + "_hits" + element;
    const rows = cells.map((cell) => [cell, ...indicesOf(cell).map((index, i) => number(axes[i].values[index])),
      trials[cell], ...(of.counted ? [countsOf(of, cell, view.element)[0]] : []), number(valueOf(cell)),
      ...(limited ? (limitsOf(cell) || [NaN, NaN]).map(number) : [])].join());
    return [head.map(quoted).join(), ...rows].join("\n") + "\n";
  };
  const fileName = () => {
    const last = location.pathname.split("/").pop() || "zem";
    try {
      return decodeURIComponent(last);
    } catch (malformed) { // the name has a percent sign that is no code
      return last;
    }
  };
  const download = (cells, which) => {
    const link = document.createElement("a"), page = fileName();
    link.href = URL.createObjectURL(new Blob([csv(cells)], {type: "text/csv"}));
    link.download = `${page.replace(/\.html?$/, "")}-${variable().name}${which}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const allCells = () => Array.from({length: grid.cells}, (_, cell) => cell);

  // ---- choices

  const options = (select, list, chosen) => {
    select.innerHTML = list.map(([value, words]) =>
      `<option value="${value}"${value === chosen ? " selected" : ""}>${escaped(words)}</option>`).join("");
  };
  const redraw = () => {
    drawMap();
    drawCuts();
    drawDifference();
  };

  const offerElements = () => {
    const of = variable(), there = of.blocks.map((_, k) => k).filter((k) => of.blocks[k] !== null);
    if (!there.includes(view.element))
      view.element = there[of.over === "quantile" ? there.length >> 1 : 0];
    $("zem-element-label").hidden = of.elements.length === 0;
    $("zem-element-name").textContent = of.over.replace("_", " ");
    options($("zem-element"), there.map((k) => [k, of.elements[k] || ""]), view.element);
  };

  const offerAxes = () => {
    const named = (list) => list.map((i) => [i, axes[i].name]);
    options($("zem-across"), named(long), view.across);
    options($("zem-upward"), named(long.filter((i) => i !== view.across)), view.upward);
    $("zem-upward-label").hidden = long.length < 2;
    const held = long.filter((i) => i !== view.across && i !== view.upward);
    $("zem-held").innerHTML = held.map((i) => `<label>${escaped(axes[i].name)} <input type="range" min="0" ` +
      `max="${axes[i].values.length - 1}" value="${view.at[i]}" data-axis="${i}"><output></output></label>`).join("");
    for (const input of $("zem-held").querySelectorAll("input")) {
      const i = Number(input.dataset.axis), show = () => {
        input.nextSibling.textContent = general(axes[i].values[view.at[i]], 6) + unitOf(axes[i].unit);
      };
      show();
      input.oninput = () => {
        view.at[i] = Number(input.value);
        view.cursor = null;
        show();
        drawMap();
      };
    }
  };

  const listen = () => {
    $("zem-variable").onchange = (event) => {
      view.variable = Number(event.target.value);
      offerElements();
      redraw();
    };
    $("zem-element").onchange = (event) => {
      view.element = Number(event.target.value);
      redraw();
    };
    $("zem-across").onchange = (event) => {
      const chosen = Number(event.target.value);
      if (chosen === view.upward)
        view.upward = view.across;
      view.across = chosen;
      offerAxes();
      redraw();
    };
    $("zem-upward").onchange = (event) => {
      view.upward = Number(event.target.value);
      offerAxes();
      redraw();
    };
    $("zem-csv-map").onclick = () => download(allCells().filter(isShown), "-map");
    $("zem-csv-all").onclick = () => download(allCells(), "");
    new ResizeObserver(() => {
      if ($("zem-map").clientWidth !== frame.seen)
        redraw();
      frame.seen = $("zem-map").clientWidth;
    }).observe($("zem-map"));
  };

  const pick = (cell) => {
    view.pick = view.pick[1] !== null || view.pick[0] === null || frame.fresh ? [cell, null] : [view.pick[0], cell];
    frame.fresh = false;
    drawMarks();
    drawCuts();
    drawDifference();
  };

  const cellUnder = (event) => {
    const box = $("zem-frame").getBoundingClientRect();
    const x = (event.clientX - box.left - frame.left) / frame.width,
          y = 1 - (event.clientY - box.top - frame.top) / frame.height;
    return x < 0 || x >= 1 || y < 0 || y >= 1 ? null : shown(indexAt(placesAcross(), x), indexAt(placesUpward(), y));
  };

  const listenToMap = () => {
    const map = $("zem-frame"), ways = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1]};
    map.onpointermove = (event) => {
      const cell = cellUnder(event);
      if (cell !== null && cell !== view.cursor) {
        view.cursor = cell;
        drawMarks();
      }
    };
    map.onclick = (event) => {
      const cell = cellUnder(event);
      if (cell === null)
        return;
      view.cursor = cell;
      pick(cell);
    };
    map.onkeydown = (event) => {
      const from = indicesOf(view.cursor !== null && isShown(view.cursor) ? view.cursor : cellOf(view.at));
      if (event.key === "Enter" || event.key === " ")
        pick(view.cursor !== null ? view.cursor : cellOf(view.at));
      else if (event.key in ways) {
        [view.across, view.upward].forEach((i, k) => {
          if (i !== none)
            from[i] = Math.max(0, Math.min(axes[i].values.length - 1, from[i] + ways[event.key][k]));
        });
        view.cursor = cellOf(from);
        drawMarks();
      } else
        return;
      event.preventDefault();
    };
  };

  // ---- start

  view.element = grid.variables[0].blocks[grid.radius] !== null ? grid.radius : 0;
  view.pick[0] = cellOf(view.at);
  frame.fresh = true;
  options($("zem-variable"), grid.variables.map((of, k) => [k, `${of.name}: ${of.title}`]), 0);
  if (grid.left_out.length > 0)
    $("zem-left-out").textContent =
      "Left out of this page in whole or in part, because it would be too large with them: " +
      `${grid.left_out.join(", ")}. zem plot and zem export have them.`;
  $("explore").hidden = false;
  offerElements();
  offerAxes();
  listen();
  listenToMap();
  redraw();
  window.zemExplorer = {...statistics, general, drawn: () => frame.drawn};
})();
