// The map of boundary pages: outlines with the part each plays, the spots that are wrong, and drawing with geoman.
// <div data-outline-map [data-editing] hidden> beside a <script type="application/json" id="outline-map-data">
// {features: [GeoJSON with properties {role, name, url, state}], spots: [{at: [east, north], text, tone}]}.
// What is drawn goes as GeoJSON into the text of the page's <form data-outline-form>; without this script people paste it.
(function () {
  "use strict";
  const L = window.L;
  const ACCENT = "#0b5563";
  const STYLES = {
    above: { color: "#33454b", weight: 2, dashArray: "6 5", fill: false },
    beside: { color: "#7d8f95", weight: 1, fillColor: "#ffffff", fillOpacity: 0.55 },
    below: { color: ACCENT, weight: 1, dashArray: "2 3", fill: false },
    own: { color: ACCENT, weight: 3, fillColor: "#69b0ba", fillOpacity: 0.35 },
    draft: { color: "#a35a00", weight: 3, fillColor: "#f4c56a", fillOpacity: 0.4 },
    new: { color: "#a35a00", weight: 1.5, fillColor: "#f4c56a", fillOpacity: 0.5 },
    changed: { color: ACCENT, weight: 1.5, fillColor: "#69b0ba", fillOpacity: 0.5 },
    same: { color: "#7d8f95", weight: 1, fillColor: "#c9d3d6", fillOpacity: 0.6 },
    wrong: { color: "#a3221f", weight: 2, fillColor: "#e58f8c", fillOpacity: 0.5 },
  };
  const TONES = { bad: "#a3221f", warn: "#b57a12", calm: ACCENT };
  const CHINA = [[18, 73], [54, 136]];

  class OutlineMap {
    constructor(box, told) {
      this.box = box;
      this.words = box.querySelector(".map-told");
      box.hidden = false;
      const canvas = box.querySelector(".map-canvas");
      canvas.setAttribute("role", "region");
      canvas.setAttribute("aria-label", box.dataset.region);
      this.map = L.map(canvas, { minZoom: 4, maxZoom: 20, zoomSnap: 0.25, attributionControl: false, scrollWheelZoom: false });
      L.control.scale({ imperial: false }).addTo(this.map);
      this.map.fitBounds(CHINA, { animate: false }); // round markers cannot be added to a map that shows nothing yet
      const mine = (role) => role === "own" || role === "draft";
      this.background = this.layers(told.features.filter((one) => !mine(one.properties.role)));
      this.own = told.features.filter((one) => mine(one.properties.role));
      this.drawn = L.featureGroup().addTo(this.map);
      this.draw(this.own);
      this.spots = told.spots.map((spot) => this.mark(spot));
      this.fit();
      this.label();
      this.map.on("zoomend", () => this.label());
      new ResizeObserver(() => this.map.invalidateSize({ pan: false })).observe(canvas);
    }

    layers(features) {
      const group = L.geoJSON({ type: "FeatureCollection", features }, {
        style: (feature) => STYLES[feature.properties.state] || STYLES[feature.properties.role],
        onEachFeature: (feature, layer) => this.name(feature, layer),
      });
      return group.addTo(this.map);
    }

    name(feature, layer) {
      const { name, role } = feature.properties;
      layer.on("mouseover", () => this.tell(name));
      if (!name || role === "above") return;
      const label = document.createElement("span"); // an element, because Leaflet reads a string as HTML
      label.textContent = name;
      layer.options.label = label;
      layer.bindTooltip(label, { className: "outline-name", direction: "center" });
    }

    // Names of neighbours and parts stand in the shapes that are wide enough for them; the others tell theirs when touched.
    label() {
      this.background.eachLayer((layer) => {
        const label = layer.options.label;
        if (!label || !layer.getBounds().isValid()) return;
        const bounds = layer.getBounds();
        const width = this.map.latLngToContainerPoint(bounds.getNorthEast()).x - this.map.latLngToContainerPoint(bounds.getSouthWest()).x;
        const permanent = width > label.textContent.length * 12 + 8;
        if (layer.getTooltip().options.permanent === permanent) return;
        layer.unbindTooltip();
        layer.bindTooltip(label, { className: "outline-name", direction: "center", permanent });
      });
    }

    tell(text) {
      this.words.textContent = text;
    }

    // Outlines of the area itself; a draft takes the place of the one in force.
    draw(features) {
      this.drawn.clearLayers();
      const shown = features.some((one) => one.properties.role === "draft") ? features.filter((one) => one.properties.role === "draft") : features;
      for (const feature of shown) {
        const layer = L.geoJSON(feature, { style: STYLES[feature.properties.role] });
        layer.eachLayer((part) => this.drawn.addLayer(part));
      }
    }

    mark(spot) {
      const at = [spot.at[1], spot.at[0]];
      const marker = L.circleMarker(at, { radius: 9, color: TONES[spot.tone], weight: 3, fillColor: "#ffffff", fillOpacity: 0.9, pmIgnore: true, bubblingMouseEvents: false });
      const label = document.createElement("span");
      label.textContent = spot.text;
      return marker.bindTooltip(label, { direction: "top" }).on("click", () => this.tell(spot.text)).addTo(this.map);
    }

    fit() {
      const all = [this.drawn, this.background].map((group) => group.getBounds()).filter((bounds) => bounds.isValid());
      const spots = L.latLngBounds(this.spots.map((marker) => marker.getLatLng()));
      const bounds = all.length ? all[0] : spots.isValid() ? spots.pad(1) : L.latLngBounds(CHINA);
      this.map.invalidateSize({ pan: false });
      this.map.fitBounds(spots.isValid() && all.length ? bounds.extend(spots) : bounds, { padding: [12, 12], maxZoom: 18, animate: false });
    }

    show(east, north) {
      this.map.setView([north, east], Math.max(this.map.getZoom(), 17), { animate: false });
      const found = this.spots.find((marker) => marker.getLatLng().equals([north, east], 1e-6));
      if (found) found.openTooltip();
      this.box.scrollIntoView({ block: "nearest" });
    }
  }

  // Drawing: every step is kept as GeoJSON, so that it can be taken back; the form always holds the last one.
  class Drawing {
    constructor(map, form) {
      this.outline = map;
      this.map = map.map;
      this.text = form.querySelector("textarea[name=outline]");
      this.flag = form.querySelector("input[name=drawn]");
      this.buttons = Object.fromEntries([...map.box.querySelectorAll("[data-map-act]")].map((button) => [button.dataset.mapAct, button]));
      this.first = [this.text.value, this.flag.value]; // what was refused is still there
      this.steps = [this.state()];
      this.at = 0;
      form.querySelector(".drawing-hint").hidden = false;
      this.tools();
      for (const [act, button] of Object.entries(this.buttons)) button.addEventListener("click", () => this[act]());
      this.text.addEventListener("input", () => (this.flag.value = ""));
    }

    tools() {
      this.map.pm.setLang(document.documentElement.lang === "en" ? "en" : "zh");
      this.map.pm.setGlobalOptions({ snappable: true, snapDistance: 15, allowSelfIntersection: true, layerGroup: this.outline.drawn, pathOptions: STYLES.draft });
      this.outline.background.eachLayer((layer) => layer.pm.setOptions({ allowEditing: false, allowRemoval: false, allowCutting: false, draggable: false }));
      this.map.pm.addControls({
        position: "topleft", drawMarker: false, drawCircleMarker: false, drawPolyline: false, drawRectangle: false, drawPolygon: true,
        drawCircle: false, drawText: false, editMode: true, dragMode: false, cutPolygon: true, removalMode: true, rotateMode: false,
      });
      this.nameTools();
      this.map.on("pm:create pm:cut pm:remove", () => this.keep());
      this.map.on("pm:globaldrawmodetoggled pm:globaleditmodetoggled", () => this.nameTools());
      this.map.on("pm:create", (event) => this.replaceOld(event.layer));
      this.outline.drawn.on("pm:edit pm:update pm:vertexremoved pm:markerdragend", () => this.keep());
      this.outline.drawn.on("layeradd", ({ layer }) => this.follow(layer));
      this.outline.drawn.eachLayer((layer) => this.follow(layer));
    }

    // geoman draws its buttons as links without words: a screen reader needs them.
    nameTools() {
      for (const button of this.map.getContainer().querySelectorAll(".leaflet-pm-toolbar .leaflet-buttons-control-button")) {
        button.setAttribute("aria-label", button.closest(".button-container").getAttribute("title") || "");
        button.setAttribute("role", "button");
        button.setAttribute("tabindex", "0");
      }
    }

    follow(layer) {
      layer.off("pm:edit pm:cut", this.later, this).on("pm:edit pm:cut", this.later, this);
    }

    later() {
      window.setTimeout(() => this.keep(), 0);
    }

    // A new outline takes the place of the one in force; a second new one is a part lying apart.
    replaceOld(layer) {
      if (this.replaced) return;
      this.replaced = true;
      this.outline.drawn.eachLayer((other) => other !== layer && this.outline.drawn.removeLayer(other));
      this.keep();
    }

    state() {
      const polygons = [];
      this.outline.drawn.eachLayer((layer) => {
        if (!layer.toGeoJSON) return;
        const { type, coordinates } = layer.toGeoJSON(7).geometry;
        if (type === "Polygon") polygons.push(coordinates);
        if (type === "MultiPolygon") polygons.push(...coordinates);
      });
      if (!polygons.length) return "";
      return JSON.stringify(polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] } : { type: "MultiPolygon", coordinates: polygons });
    }

    keep() {
      const now = this.state();
      if (now === this.steps[this.at]) return;
      this.steps = [...this.steps.slice(0, this.at + 1), now];
      this.at += 1;
      this.tellForm();
    }

    tellForm() {
      [this.text.value, this.flag.value] = this.at === 0 ? this.first : [this.steps[this.at], this.steps[this.at] ? "1" : ""];
      this.buttons.undo.disabled = this.at === 0;
      this.buttons.reset.disabled = this.at === 0;
      this.buttons.redo.disabled = this.at === this.steps.length - 1;
    }

    go(step) {
      this.map.pm.disableGlobalEditMode();
      this.map.pm.disableDraw();
      this.at = step;
      const geometry = this.steps[step] ? [{ type: "Feature", properties: { role: step ? "draft" : "own" }, geometry: JSON.parse(this.steps[step]) }] : [];
      this.outline.draw(geometry);
      if (step === 0) this.replaced = false;
      this.tellForm();
    }

    undo() {
      if (this.at > 0) this.go(this.at - 1);
      this.outline.tell(this.outline.box.dataset.undone);
    }

    redo() {
      if (this.at < this.steps.length - 1) this.go(this.at + 1);
    }

    reset() {
      this.go(0);
      this.steps = [this.steps[0]];
      this.tellForm();
    }
  }

  function start(box) {
    const told = JSON.parse(document.getElementById("outline-map-data").textContent);
    const map = new OutlineMap(box, told);
    for (const button of document.querySelectorAll("[data-spot]")) {
      button.hidden = false;
      button.addEventListener("click", () => map.show(...button.dataset.spot.split(",").map(Number)));
    }
    const form = document.querySelector("form[data-outline-form]");
    if (box.hasAttribute("data-editing") && form && L.PM) new Drawing(map, form);
  }

  if (L) document.querySelectorAll("[data-outline-map]").forEach(start);
})();
