// The badge of a page that waited (back-forward cache, prerender, prefetch, another tab) may be old.
// `pv` changes with the cart; the badge fetches itself anew when told that it is stale.
const names = document.querySelector("meta[name=vitrine]")?.dataset ?? {};
let seen = cookie(names.pv);
const look = () => {
  const badge = byId("cart-badge");
  if (!badge || cookie(names.pv) === seen) return;
  seen = cookie(names.pv);
  htmx.trigger(badge, "stale");
};
const waited = performance.getEntriesByType("navigation")[0]?.deliveryType === "navigational-prefetch";
on("DOMContentLoaded", () => {
  const badge = byId("cart-badge");
  if (waited && badge && +badge.dataset.units !== parseInt(cookie(names.cc) ?? "0")) htmx.trigger(badge, "stale");
});
on("pageshow", event => event.persisted && look(), window);
on("prerenderingchange", look);
on("visibilitychange", () => document.hidden || look());
onSwap(ctx => { if (ctx.request.method !== "GET") seen = cookie(names.pv); });
