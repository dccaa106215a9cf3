// Draws a chart from a table that stands in the page: <table data-chart="line|bar|stacked|rows">.
// First column = what is compared, each further column = one series, numbers from the figures in the cells.
// The table stays (folded) for those who read numbers; a click on a point opens the list behind its figure.
(function () {
  "use strict";
  if (!window.echarts) return;

  // Okabe and Ito's colours, told apart by the colour-blind; patterns (decal) tell them apart on grey paper.
  const COLOURS = ["#0b5563", "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#999999"];
  const WORDS = { fontFamily: getComputedStyle(document.body).fontFamily, color: "#1d2b30" };

  const numberIn = (cell) => {
    const figure = cell.querySelector("[data-value]");
    const text = figure ? figure.dataset.value : "";
    return text === "" ? null : Number(text);
  };

  function read(table) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows].filter((row) => !row.classList.contains("sum"));
    const series = heads.slice(1).map((name, at) => ({
      name,
      values: rows.map((row) => numberIn(row.cells[at + 1])),
      links: rows.map((row) => (row.cells[at + 1].querySelector("a.figure") || {}).href),
    }));
    return { names: rows.map((row) => row.cells[0].textContent.trim()), series };
  }

  function options(kind, told, unit, caption) {
    const names = { type: "category", data: told.names, inverse: kind === "rows", axisTick: { show: false }, axisLabel: { ...WORDS, hideOverlap: kind !== "rows" } };
    const values = { type: "value", minInterval: unit === "%" ? 0 : 1, axisLabel: { ...WORDS, formatter: `{value}${unit}` }, splitLine: { lineStyle: { color: "#e3eaec" } } };
    return {
      color: COLOURS,
      textStyle: WORDS,
      aria: { enabled: true, label: { description: caption }, decal: { show: told.series.length > 1 && kind !== "line" } },
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      grid: { left: 8, right: 16, top: told.series.length > 1 ? 44 : 16, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { show: told.series.length > 1, top: 0, type: "scroll", textStyle: WORDS },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: kind === "line" ? "line" : "shadow" }, valueFormatter: (value) => (value === null || value === undefined ? "-" : `${value}${unit}`) },
      xAxis: kind === "rows" ? values : names,
      yAxis: kind === "rows" ? names : values,
      series: told.series.map((one, at) => ({
        name: one.name,
        type: kind === "line" ? "line" : "bar",
        stack: kind === "stacked" ? "all" : undefined,
        data: one.values,
        barMaxWidth: 28,
        symbol: ["circle", "rect", "triangle", "diamond"][at % 4],
        symbolSize: 8,
        lineStyle: { width: 2.5, type: ["solid", "dashed", "dotted"][at % 3] },
        connectNulls: false,
      })),
    };
  }

  function draw(table) {
    const told = read(table);
    if (!told.names.length) return;
    const kind = table.dataset.chart;
    const caption = table.caption ? table.caption.textContent.trim() : "";
    const figure = document.createElement("figure");
    const canvas = document.createElement("div");
    const folded = document.createElement("details");
    const summary = document.createElement("summary");
    const whole = table.closest(".table-scroll") || table;
    figure.className = "chart";
    canvas.className = "chart-canvas";
    canvas.setAttribute("role", "img");
    folded.className = "chart-table";
    summary.textContent = table.dataset.fold || caption;
    whole.before(figure);
    folded.append(summary, whole);
    figure.append(canvas, folded);
    if (kind === "rows") canvas.style.height = `${Math.max(160, told.names.length * (told.series.length * 14 + 16) + 60)}px`;
    const chart = window.echarts.init(canvas, null, { renderer: "svg" });
    chart.setOption(options(kind, told, table.dataset.unit || "", caption));
    chart.on("click", (point) => {
      const link = (told.series[point.seriesIndex].links || [])[point.dataIndex];
      if (link) window.location.assign(link);
    });
    new ResizeObserver(() => chart.resize()).observe(canvas);
  }

  document.querySelectorAll("table[data-chart]").forEach(draw);
})();
