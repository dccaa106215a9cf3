// Puts the configured maps of the ground under every Leaflet map whose box has data-tiles, with a choice between them.
// data-tiles='{"none": "…", "about": "…", "maps": [["name", ["address", …], {options}], …]}'; without it nothing is asked.
(function () {
  "use strict";
  const L = window.L;
  if (!L) return;

  L.Map.addInitHook(function () {
    const box = this.getContainer().closest("[data-tiles]");
    if (!box) return;
    const told = JSON.parse(box.dataset.tiles);
    const bases = {};
    for (const [name, addresses, options] of told.maps) {
      // the key is bound to a host name, so Tianditu must see from where it is asked, and no more than that
      const settings = { ...options, maxNativeZoom: 18, maxZoom: 20, referrerPolicy: "origin", pmIgnore: true };
      bases[name] = L.layerGroup(addresses.map((address) => L.tileLayer(address, settings)));
    }
    const none = (bases[told.none] = L.layerGroup());
    const show = (base) => box.classList.toggle("with-tiles", base !== none);
    const first = Object.values(bases)[0].addTo(this);
    show(first);
    this.on("baselayerchange", (event) => show(event.layer));
    L.control.layers(bases, null, { position: "topright" }).addTo(this);
    L.control.attribution({ prefix: false }).addAttribution(told.about).addTo(this);
  });
})();
