// Draws the figures of the page with Observable Plot, from the same descriptions
// as the pictures that stand there without scripts.
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const colour = (m) => `var(--c${((m.color % 7) + 7) % 7})`;
  const digits = (v) => (v === null || v === undefined ? "" : Number.isInteger(v) && Math.abs(v) < 1e7 ? String(v)
    : Math.abs(v) >= 1e-3 && Math.abs(v) < 1e6 ? String(+v.toPrecision(4)) : v.toExponential(3)).replace("-", "−");

  // shade is the colour of a value of a heat map.
  function shade(grid) {
    const at = (v) => Math.min(1, Math.max(0, (v - grid.min) / (grid.max - grid.min)));
    const two = d3.interpolateRgb("#ffffff", "#4d9cc9"), three = d3.interpolateRgb("#ffffff", "#e28e4c");
    if (grid.sequential) return (v) => d3.interpolateRgb("#ffffff", "#3389bf")(0.05 + 0.95 * at(v));
    return (v) => (at(v) < 0.5 ? two(1 - 2 * at(v)) : three(2 * at(v) - 1));
  }

  // points are the numbers of a mark, one for each thing that can be pointed at.
  function points(f, m) {
    const n = Math.max((m.x || []).length, (m.y || []).length, (m.low || []).length);
    const name = (axis, v) => (axis.categories && axis.categories[Math.round(v)]) || digits(v);
    const all = [];
    for (let i = 0; i < n; i++) {
      const p = { x: m.x?.[i] ?? null, y: m.y?.[i] ?? null, low: m.low?.[i] ?? null, high: m.high?.[i] ?? null };
      if (m.kind === "rulex") p.y = null;
      if (m.kind === "ruley") p.x = null;
      const lines = [];
      if (m.name) lines.push(m.name);
      if (p.x !== null) lines.push(`${f.x.label}: ${name(f.x, p.x)}`);
      if (p.y !== null && m.kind !== "band") lines.push(`${f.y.label}: ${name(f.y, p.y)}`);
      if (p.low !== null && p.high !== null) lines.push(`from ${digits(p.low)} to ${digits(p.high)}`);
      p.said = lines.join("\n");
      all.push(p);
    }
    return all;
  }

  const hasHeat = (f) => f.marks.some((m) => m.kind === "heat");

  function marks(f, m, data) {
    const c = colour(m), dash = m.dashed ? "6,4" : undefined;
    switch (m.kind) {
      case "line": return [Plot.line(data, { x: "x", y: "y", stroke: c, strokeWidth: 1.8, strokeDasharray: dash })];
      case "dots": return [Plot.dot(data, { x: "x", y: "y", fill: c, fillOpacity: 0.8, stroke: hasHeat(f) ? "#fff" : undefined, strokeWidth: 0.7, r: data.length > 300 ? 1.8 : data.length > 60 ? 2.6 : 3.5 })];
      case "bars": return [Plot.rect(data, { x1: (p) => p.x - m.width / 2, x2: (p) => p.x + m.width / 2, y1: (p) => p.low ?? 0, y2: "y", fill: c, fillOpacity: 0.85 })];
      case "band": return [Plot.areaY(data, { x: "x", y1: "low", y2: "high", fill: c, fillOpacity: 0.25 })];
      case "interval": return [m.across
        ? Plot.ruleY(data, { y: "y", x1: "low", x2: "high", stroke: c, strokeWidth: 2 })
        : Plot.ruleX(data, { x: "x", y1: "low", y2: "high", stroke: c, strokeWidth: 2 })];
      case "rulex": return [Plot.ruleX(m.x, { stroke: c, strokeWidth: 1.3, strokeDasharray: dash })];
      case "ruley": return [Plot.ruleY(m.y, { stroke: c, strokeWidth: 1.3, strokeDasharray: dash })];
      case "label": return [Plot.text(data, { x: "x", y: "y", text: (_, i) => m.text[i], clip: false })];
      case "heat": {
        const g = m.grid, rows = g.values.length / g.columns, paint = shade(g);
        return [Plot.raster(g.values, { width: g.columns, height: rows, x1: g.x0, x2: g.x1, y1: g.y0, y2: g.y1,
          fill: (v) => (v === null ? null : paint(v)), imageRendering: "pixelated" })];
      }
    }
    return [];
  }

  // scale is Plot's for an axis; extent are its bounds as the pictures have them.
  function scale(axis, extent, narrow) {
    const s = { label: axis.label, domain: extent, clamp: false };
    if (axis.log) s.type = "log";
    if (axis.categories) {
      s.ticks = axis.categories.map((_, i) => i);
      s.tickFormat = (i) => axis.categories[i];
      s.labelArrow = "none";
    } else if (axis.log) {
      const decades = Math.log10(extent[1] / extent[0]);
      s.ticks = narrow ? 4 : 7;
      s.tickFormat = decades > 9 || extent[0] < 1e-3 || extent[1] >= 1e5 ? (v) => (Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9 ? power(Math.round(Math.log10(v))) : "") : (v) => digits(v);
    } else {
      s.ticks = narrow ? 4 : 7;
    }
    return s;
  }
  const power = (e) => "10" + [...String(e)].map((d) => (d === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[+d])).join("");

  function draw(f, holder, state) {
    const width = Math.max(260, Math.round(holder.clientWidth)), narrow = width < 480;
    const shown = f.marks.map((m, k) => ({ m, data: state.data[k] })).filter(({ m }) => !state.hidden.has(m.name));
    state.points = shown.flatMap(({ m, data }) => (["label", "rulex", "ruley", "heat"].includes(m.kind) ? [] : data))
      .filter((p) => p.x !== null && (p.y ?? p.high) !== null)
      .map((p) => ({ ...p, y: p.y ?? p.high }))
      .filter((p) => p.x >= f.extent.x[0] && p.x <= f.extent.x[1] && p.y >= f.extent.y[0] && p.y <= f.extent.y[1]);
    const longest = Math.max(0, ...(f.y.categories || []).map((c) => c.length));
    const options = {
      width, marginLeft: f.y.categories ? Math.min(width * 0.42, 20 + 6.4 * longest) : 52, marginBottom: 44, marginRight: 16, marginTop: 34,
      height: f.square ? undefined : Math.round(Math.min(430, Math.max(260, width * 0.6))),
      aspectRatio: f.square ? 1 : undefined,
      style: { background: "none", fontSize: "12px", fontFamily: "inherit", color: "inherit" },
      x: scale(f.x, f.extent.x, narrow), y: { ...scale(f.y, f.extent.y, false), reverse: !!f.y.categories },
      color: { type: "identity" },
      marks: [
        Plot.gridX({ strokeOpacity: f.x.categories ? 0 : 0.12 }), Plot.gridY({ strokeOpacity: f.y.categories ? 0 : 0.12 }),
        ...shown.flatMap(({ m, data }) => marks(f, m, data)),
        Plot.dot(state.points, Plot.pointer({ x: "x", y: "y", r: 6, stroke: "currentColor", strokeWidth: 1.5, clip: false })),
        Plot.tip(state.points, Plot.pointer({ x: "x", y: "y", title: "said", clip: false, fill: "var(--paper)", stroke: "var(--line)", lineWidth: 24 })),
      ],
      clip: true,
    };
    if (f.x.categories && narrow) { options.x.tickRotate = -25; options.marginBottom = 84; options.marginLeft = 64; }
    const plot = Plot.plot(options);
    plot.setAttribute("aria-hidden", "true"); // the holder has the name, and says the points
    holder.replaceChildren(plot);
    state.plot = plot;
  }

  // walk points at the next point, as the pointer would.
  function walk(state, step) {
    if (!state.points.length) return;
    state.at = (((state.at ?? (step > 0 ? -1 : 0)) + step) % state.points.length + state.points.length) % state.points.length;
    const p = state.points[state.at], box = state.plot.getBoundingClientRect();
    const ratio = box.width / state.plot.viewBox.baseVal.width;
    state.plot.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, pointerType: "mouse",
      clientX: box.left + ratio * state.plot.scale("x").apply(p.x), clientY: box.top + ratio * state.plot.scale("y").apply(p.y) }));
    state.said.textContent = p.said.replaceAll("\n", ", ");
  }

  function legend(f, holder, state) {
    const named = f.marks.filter((m) => m.name);
    if (!named.length) return null;
    const box = document.createElement("div");
    box.className = "legend";
    for (const m of named) {
      const b = document.createElement("button");
      b.type = "button";
      b.setAttribute("aria-pressed", "true");
      const i = document.createElement("i");
      if (m.kind === "dots") i.className = "dots";
      if (m.kind === "bars" || m.kind === "band") i.className = "bars";
      if (i.className) i.style.background = colour(m); else i.style.borderTopColor = colour(m);
      if (m.kind === "band") i.style.opacity = 0.4;
      if (m.dashed) i.style.borderTopStyle = "dashed";
      b.append(i, m.name);
      b.addEventListener("click", () => {
        const on = b.getAttribute("aria-pressed") !== "true";
        b.setAttribute("aria-pressed", on);
        if (on) state.hidden.delete(m.name); else state.hidden.add(m.name);
        state.at = undefined;
        draw(f, holder, state);
      });
      box.append(b);
    }
    return box;
  }

  // numbers is a table of what is drawn, made when it is asked for.
  function numbers(f, state) {
    const details = document.createElement("details"), summary = document.createElement("summary");
    summary.textContent = "Numbers of this figure";
    details.append(summary);
    details.addEventListener("toggle", () => {
      if (!details.open || details.querySelector("table")) return;
      const rows = f.marks.flatMap((m, k) => state.data[k].map((p) => [m.name || m.kind, p.x, p.y, p.low, p.high])).slice(0, 500);
      const table = document.createElement("table");
      table.append(row("th", ["", f.x.label, f.y.label, "from", "to"]), ...rows.map((r) => row("td", r.map((v) => (typeof v === "number" ? digits(v) : v ?? "")))));
      const scroll = document.createElement("div");
      scroll.className = "scroll";
      scroll.tabIndex = 0;
      scroll.append(table);
      details.append(scroll);
    });
    return details;
  }
  function row(tag, cells) {
    const tr = document.createElement("tr");
    for (const c of cells) tr.append(Object.assign(document.createElement(tag), { textContent: c }));
    return tr;
  }

  for (const f of figures) {
    const holder = document.querySelector(`[data-figure="${f.name}"]`);
    const state = { hidden: new Set(), data: f.marks.map((m) => points(f, m)), points: [], said: document.createElement("div") };
    state.said.className = "said";
    state.said.setAttribute("aria-live", "polite");
    const box = legend(f, holder, state);
    if (box) holder.before(box);
    holder.after(state.said);
    holder.parentElement.append(numbers(f, state));
    holder.tabIndex = 0;
    holder.classList.toggle("heat", hasHeat(f));
    holder.addEventListener("keydown", (e) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      walk(state, e.shiftKey ? 10 * step : step);
    });
    draw(f, holder, state);
    let last = holder.clientWidth;
    new ResizeObserver(() => {
      if (Math.abs(holder.clientWidth - last) < 2) return;
      last = holder.clientWidth;
      draw(f, holder, state);
    }).observe(holder);
  }
  document.documentElement.dataset.drawn = figures.length;
})();
