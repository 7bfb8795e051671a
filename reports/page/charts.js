// SPDX-License-Identifier: Apache-2.0
// The charts of the page: each is drawn when it is about to be seen, follows the width of its place, and is drawn again
// when the colours change. For paper all are drawn, light and as wide as paper is.
const kPaperWidth = 690;
const charts = new Map();  // element -> {options, height, instance}
let library = null;

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) draw(charts.get(entry.target));
}, { rootMargin: "300px" });

const widths = new ResizeObserver((entries) => {
  for (const entry of entries) {
    const chart = charts.get(entry.target);
    if (chart && chart.instance && chart.width !== entry.contentRect.width) fit(chart, entry.contentRect.width);
  }
});

function fit(chart, width) {
  chart.width = width;
  if (width > 0) chart.instance.resize({ width, height: chart.height });
  chart.instance.setOption(chart.options(colours(), width), { notMerge: true });
}

function draw(chart) {
  near.unobserve(chart.plot);
  if (chart.instance) return;
  chart.width = chart.plot.clientWidth || kPaperWidth;
  chart.instance = library.init(chart.plot, null, {
    renderer: chart.many ? "canvas" : "svg", width: chart.width, height: chart.height,
  });
  chart.instance.setOption(chart.options(colours(), chart.width));
  widths.observe(chart.plot);
}

// `options(colours, width)` gives the library's options; it is asked again for other colours and widths.
function add_chart(figure, height, options, many = false) {
  const plot = figure.querySelector(".plot");
  figure.hidden = false;
  plot.style.height = height + "px";
  const known = charts.get(plot);
  if (known) {
    known.options = options;
    known.height = height;
    if (known.instance) fit(known, plot.clientWidth || known.width);
    return;
  }
  charts.set(plot, { plot, height, options, many, instance: null, width: 0 });
  near.observe(plot);
}

function redraw_charts() {
  for (const chart of charts.values()) {
    if (chart.instance) chart.instance.setOption(chart.options(colours(), chart.width), { notMerge: true });
  }
}

// What every chart has in common.
function base_options(c) {
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: c.sans, color: c.ink, fontSize: 12 },
    tooltip: {
      confine: true, backgroundColor: c.paper, borderColor: c.line, borderWidth: 1, padding: [6, 10],
      textStyle: { color: c.ink, fontSize: 12.5, fontFamily: c.sans }, extraCssText: "box-shadow:0 2px 10px rgb(0 0 0 / .18)",
      transitionDuration: 0,
    },
  };
}

function value_axis(c, more) {
  return {
    type: "value", scale: true,
    axisLine: { show: false }, axisTick: { show: false },
    axisLabel: { color: c.muted, fontSize: 11.5, hideOverlap: true, ...(more.axisLabel || {}) },
    nameTextStyle: { color: c.muted, fontSize: 11.5 },
    splitLine: { lineStyle: { color: c.hair } },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "axisLabel")),
  };
}

function name_axis(c, more) {
  return {
    type: "category",
    axisLine: { show: true, lineStyle: { color: c.line } }, axisTick: { show: false },
    axisLabel: { color: c.ink, fontSize: 12, ...(more.axisLabel || {}) },
    nameTextStyle: { color: c.muted, fontSize: 11.5 },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "axisLabel")),
  };
}

function legend(c, names) {
  return {
    show: names.length > 1, data: names, top: 0, left: 0, itemWidth: 12, itemHeight: 10, itemGap: 18, selectedMode: false,
    icon: undefined, textStyle: { color: c.ink, fontSize: 12 },
  };
}

// Paper is light, whatever the screen is; what is folded is opened, but for logs.
function prepare_for_paper() {
  const opened = [];
  let media = dark_sheet.media;
  addEventListener("beforeprint", () => {
    media = dark_sheet.media;
    dark_sheet.media = "not all";
    for (const details of document.querySelectorAll("main section:not(#logs) details:not([open])")) {
      details.open = true;
      opened.push(details);
    }
    for (const chart of charts.values()) {
      draw(chart);
      fit(chart, Math.min(kPaperWidth, chart.plot.closest(".cards") ? kPaperWidth / 2 - 14 : kPaperWidth));
    }
  });
  addEventListener("afterprint", () => {
    dark_sheet.media = media;
    for (const details of opened.splice(0)) details.open = false;
    for (const chart of charts.values()) fit(chart, chart.plot.clientWidth || chart.width);
  });
}
