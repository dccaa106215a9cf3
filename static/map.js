// A map without tiles: areas as shapes, shaded by one figure in quantile classes, each a link to its own page.
// <div data-map data-geojson="…" data-figure="key" data-label="…" hidden>; features carry
// properties {code, name, url, figures: {key: number or null}, texts: {key: "98.25 % (56/57)"}}.
// With data-table="id" the figures are those of that table: <tr data-area="code" data-url="…">, <td data-key="key">.
// A <select data-map-figure> on the page changes the figure without loading; without a script its form does.
(function () {
  "use strict";
  const L = window.L;
  const SHADES = ["#e6f3f4", "#c0dfe3", "#95c8cf", "#69b0ba", "#439aa8"]; // names in dark ink stay readable on each
  const UNKNOWN = "#f7f7f7";

  // Upper bounds of at most five classes with about equally many areas; equal values never fall apart.
  function classes(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const bounds = SHADES.map((_shade, at) => sorted[Math.ceil(((at + 1) * sorted.length) / SHADES.length) - 1]);
    return [...new Set(bounds.filter((bound) => bound !== undefined))];
  }

  const shadeOf = (place, count) => SHADES[count < 2 ? 2 : Math.round((place * (SHADES.length - 1)) / (count - 1))];

  class AreaMap {
    constructor(box, features) {
      this.box = box;
      this.told = box.querySelector(".map-told");
      this.canvas = box.querySelector(".map-canvas");
      box.hidden = false;
      this.canvas.setAttribute("role", "region");
      this.canvas.setAttribute("aria-label", box.dataset.region);
      this.map = L.map(this.canvas, { minZoom: 5, maxZoom: 19, zoomSnap: 0.25, attributionControl: false, scrollWheelZoom: false });
      L.control.scale({ imperial: false }).addTo(this.map);
      this.layer = L.geoJSON(features, { onEachFeature: (feature, shape) => this.prepare(feature, shape) }).addTo(this.map);
      this.fit();
      new ResizeObserver(() => this.fit()).observe(this.canvas);
      this.map.on("zoomend", () => this.label());
      this.show(box.dataset.figure, box.dataset.label);
    }

    fit() {
      this.map.invalidateSize({ pan: false });
      this.map.fitBounds(this.layer.getBounds(), { padding: [8, 8], animate: false });
      this.label();
    }

    prepare(feature, shape) {
      shape.on({
        mouseover: () => this.tell(feature),
        add: () => this.reach(feature, shape.getElement()),
        click: () => feature.properties.url && window.location.assign(feature.properties.url),
      });
    }

    // A shape is reached with the Tab key and opened with Enter, like any link.
    reach(feature, element) {
      if (!element || !feature.properties.url) return;
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "link");
      element.addEventListener("focus", () => this.tell(feature));
      element.addEventListener("keydown", (event) => event.key === "Enter" && window.location.assign(feature.properties.url));
    }

    wordsOf(feature) {
      const { name, texts = {}, figures = {} } = feature.properties;
      if (!this.key) return name;
      const value = texts[this.key] ?? figures[this.key] ?? this.box.dataset.unknown;
      return `${name} · ${this.label_of_figure} ${value}`;
    }

    tell(feature) {
      this.told.textContent = this.wordsOf(feature);
    }

    // Names stand in the shapes that are wide enough for them.
    label() {
      this.layer.eachLayer((shape) => {
        const bounds = shape.getBounds();
        const width = this.map.latLngToContainerPoint(bounds.getNorthEast()).x - this.map.latLngToContainerPoint(bounds.getSouthWest()).x;
        const fits = width > shape.feature.properties.name.length * 12 + 6;
        if (fits && !shape.getTooltip()) {
          const name = document.createElement("span"); // an element, because Leaflet reads a string as HTML
          name.textContent = shape.feature.properties.name;
          shape.bindTooltip(name, { permanent: true, direction: "center", className: "area-name" });
        } else if (!fits && shape.getTooltip()) {
          shape.unbindTooltip();
        }
      });
    }

    show(key, label) {
      this.key = key;
      this.label_of_figure = label;
      if (!key) return this.layer.eachLayer((shape) => this.outline(shape)); // a map of places only
      const values = [];
      this.layer.eachLayer((shape) => values.push(shape.feature.properties.figures[key]));
      const known = values.filter((value) => value !== null && value !== undefined).map(Number);
      const bounds = classes(known);
      this.layer.eachLayer((shape) => this.shade(shape, key, bounds));
      this.told.textContent = label;
      this.explain(known, bounds, known.length < values.length);
      return undefined;
    }

    outline(shape) {
      shape.setStyle({ color: "#33545c", weight: 1.5, fillOpacity: 1, fillColor: SHADES[0] });
      if (shape.getElement()) shape.getElement().setAttribute("aria-label", this.wordsOf(shape.feature));
    }

    shade(shape, key, bounds) {
      const value = shape.feature.properties.figures[key];
      const unknown = value === null || value === undefined;
      const place = bounds.findIndex((bound) => Number(value) <= bound);
      shape.setStyle({ color: "#33545c", weight: 1.25, fillOpacity: 1, dashArray: unknown ? "4 3" : null, fillColor: unknown ? UNKNOWN : shadeOf(place, bounds.length) });
      if (shape.getElement()) shape.getElement().setAttribute("aria-label", this.wordsOf(shape.feature));
    }

    explain(known, bounds, someUnknown) {
      const legend = this.box.querySelector(".map-legend");
      let from = known.length ? Math.min(...known) : 0;
      legend.replaceChildren();
      bounds.forEach((bound, place) => {
        const inside = known.filter((value) => value <= bound && (place === 0 || value > bounds[place - 1]));
        from = Math.min(...inside);
        legend.append(this.line(shadeOf(place, bounds.length), from === bound ? `${bound}` : `${from} – ${bound}`));
      });
      if (someUnknown) legend.append(this.line(UNKNOWN, this.box.dataset.unknown));
    }

    line(colour, words) {
      const line = document.createElement("li");
      const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const patch = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ width: "100%", height: "100%", rx: 3, fill: colour, stroke: "#33545c" })) patch.setAttribute(name, value);
      swatch.setAttribute("aria-hidden", "true");
      swatch.append(patch);
      line.append(swatch, words);
      return line;
    }
  }

  // What stands in a cell: the bare number, and its text without what only a screen reader is told.
  function figureIn(cell) {
    const figure = cell.querySelector("[data-value]").cloneNode(true);
    figure.querySelectorAll(".visually-hidden").forEach((spoken) => spoken.remove());
    const value = figure.dataset.value;
    return [value === "" ? null : Number(value), figure.textContent.trim()];
  }

  // Gives every feature the figures and the address of its row, so that the map says what the table says.
  function join(features, table) {
    const rows = new Map([...table.querySelectorAll("tr[data-area]")].map((row) => [row.dataset.area, row]));
    for (const { properties } of features) {
      const row = rows.get(properties.code);
      const cells = row ? [...row.querySelectorAll("[data-key]")] : [];
      const told = cells.map((cell) => [cell.dataset.key, ...figureIn(cell)]);
      properties.figures = Object.fromEntries(told.map(([key, value]) => [key, value]));
      properties.texts = Object.fromEntries(told.map(([key, _value, text]) => [key, text]));
      if (row && row.dataset.url) properties.url = row.dataset.url;
    }
  }

  async function start(box) {
    const trouble = box.nextElementSibling;
    const complain = (words) => {
      trouble.textContent = words;
      trouble.hidden = false;
    };
    const answer = await fetch(box.dataset.geojson, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok) return complain(box.dataset.failed);
    const collection = await answer.json();
    const shaped = collection.features.filter((feature) => feature.geometry);
    if (!shaped.length) return complain(box.dataset.none);
    for (const { properties } of shaped) properties.figures ??= {};
    if (box.dataset.table) join(shaped, document.getElementById(box.dataset.table));
    box.querySelector(".map-note").hidden = !collection.sketch;
    const map = new AreaMap(box, { type: "FeatureCollection", features: shaped });
    for (const choice of document.querySelectorAll("select[data-map-figure]")) {
      const chosen = () => map.show(choice.value, choice.selectedOptions[0].textContent.trim());
      choice.addEventListener("change", chosen);
      if (choice.value !== box.dataset.figure) chosen(); // chosen while the outlines were on their way
    }
    return undefined;
  }

  if (L) document.querySelectorAll("[data-map]").forEach(start);
})();
