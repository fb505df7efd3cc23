// What attributes cannot say. Listeners are delegated: pieces that htmx swaps in need no start-up of their own.
// Nothing here is needed to buy: every form and link works without it.
(() => {
  const on = (type, handle, where = document) => where.addEventListener(type, handle);
  const all = (selector, where = document) => [...where.querySelectorAll(selector)];
  const byId = id => document.getElementById(id);
  const cookie = name => document.cookie.split("; ").find(pair => pair.startsWith(name + "="))?.slice(name.length + 1);

  // Theme: the visitor's own, never in the page.
  const root = document.documentElement;
  const keptTheme = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
  const showTheme = () => {
    const theme = keptTheme();
    theme ? root.dataset.theme = theme : delete root.dataset.theme;
    all("input[name=theme]").forEach(input => { input.checked = input.value === theme; });
  };
  showTheme();
  on("change", ({ target }) => {
    if (target.name !== "theme") return;
    try { localStorage.setItem("theme", target.value); } catch { /* storage is off: it lasts for this page */ }
    showTheme();
  });

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

  // Toasts leave by themselves, but not from under a pointer or the focus.
  const tend = toast => {
    if (!toast.classList?.contains("toast")) return;
    const leave = () => toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove();
    setTimeout(leave, 8000);
  };
  const watch = new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(tend)));
  all("#toasts, #alerts").forEach(box => watch.observe(box, { childList: true }));
  const alarm = words => {
    const toast = document.createElement("div");
    toast.className = "toast toast--bad";
    toast.append(Object.assign(document.createElement("p"), { textContent: words }));
    byId("alerts")?.replaceChildren(toast);
  };
  on("htmx:before:request", ({ detail: { ctx } }) => ctx.sourceElement.setAttribute("aria-busy", "true"));
  on("htmx:finally:request", ({ detail: { ctx } }) => ctx.sourceElement.removeAttribute("aria-busy"));

  // A no that was not swapped in anywhere is still said.
  const complain = ctx => {
    if (ctx.response.status < 400 || ctx.swap !== "none" || ctx.target?.id === "suggest") return;
    const page = new DOMParser().parseFromString(ctx.text, "text/html");
    alarm(page.querySelector("[data-say]")?.textContent.trim() || "That did not work. Please try again.");
  };
  on("htmx:error", () => alarm(navigator.onLine
    ? "The shop did not answer. Nothing was lost: please try again."
    : "You seem to be offline. Nothing was lost: try again when you are back."));

  // Variant panel: the reply decides what is chosen; the address follows, so that it can be shared.
  const settleChoice = form => {
    all("input[type=radio]", form).forEach(input => { input.checked = input.defaultChecked; });
    const chosen = new URLSearchParams(new FormData(form));
    history.replaceState(history.state, "", form.getAttribute("action") + (chosen.size ? "?" + chosen : ""));
    byId("gallery")?.scrollTo({ left: 0 });
  };
  on("htmx:after:swap", ({ detail: { ctx } }) => {
    complain(ctx);
    if (ctx.request.method !== "GET") seen = cookie(names.pv);
    if (ctx.sourceElement?.matches?.("form[data-own-address]")) settleChoice(ctx.sourceElement);
    if (ctx.target?.id === "suggest") showSuggestions();
    if (ctx.target?.id === "cart" && document.activeElement === document.body) focusHeading();
  });

  // The removed line took the focus with it.
  const focusHeading = () => {
    const heading = document.querySelector("main h1");
    heading.tabIndex = -1;
    heading.focus();
  };

  on("click", event => {
    const hit = selector => event.target.closest?.(selector);
    const step = hit("[data-step]"), thumb = hit(".thumbs a"), zoom = hit("[data-zoom]"), close = hit("[data-close]");
    if (step) {
      const input = step.parentElement.querySelector("input");
      step.dataset.step > 0 ? input.stepUp() : input.stepDown();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (close) close.closest("dialog, .toast")?.remove();
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (thumb) { event.preventDefault(); turnTo(thumb); }
    if (zoom) { event.preventDefault(); showLarge(zoom); }
    all("details.sort[open]").forEach(menu => menu.contains(event.target) || (menu.open = false));
  });

  // Gallery
  const turnTo = thumb => {
    const strip = byId("gallery"), slide = byId(thumb.hash.slice(1));
    strip.scrollTo({ left: slide.offsetLeft - strip.firstElementChild.offsetLeft });
  };
  document.addEventListener("scrollend", ({ target }) => {
    if (target.id !== "gallery") return;
    const current = Math.round(target.scrollLeft / target.clientWidth);
    all(".thumbs a").forEach((thumb, index) => index === current
      ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current"));
  }, true);
  const showLarge = link => {
    const dialog = Object.assign(document.createElement("dialog"), { className: "zoom", ariaLabel: "Picture" });
    const close = Object.assign(document.createElement("button"), { className: "button button--small", textContent: "Close", type: "button" });
    const picture = Object.assign(new Image(), { src: link.href, alt: link.querySelector("img").alt });
    dialog.append(picture, close);
    document.body.append(dialog);
    dialog.onclick = () => dialog.close();
    dialog.onclose = () => dialog.remove();
    dialog.showModal();
  };

  // Search suggestions: the ARIA combobox pattern; without this script the field is a plain search field.
  const search = document.querySelector("[data-suggest]"), list = byId("suggest");
  const options = () => all("[role=option]", list);
  const choose = option => {
    options().forEach(each => each.setAttribute("aria-selected", each === option));
    option ? search.setAttribute("aria-activedescendant", option.id) : search.removeAttribute("aria-activedescendant");
  };
  const showSuggestions = () => {
    search.ariaExpanded = String(options().length > 0);
    search.removeAttribute("aria-activedescendant");
    byId("suggest-said").textContent = options().length ? `${options().length} suggestions` : "";
  };
  const keys = event => {
    const found = options(), now = found.findIndex(each => each.ariaSelected === "true");
    if (event.key === "Escape") { list.replaceChildren(); showSuggestions(); event.preventDefault(); }
    if (event.key === "Enter" && now >= 0) { event.preventDefault(); location.assign(found[now].href); }
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move || !found.length) return;
    event.preventDefault();
    // One place beyond either end is the field itself, with nothing chosen.
    choose(found[(now + 1 + move + found.length + 1) % (found.length + 1) - 1]);
  };
  if (search && list) {
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggest", "aria-expanded": "false" }))
      search.setAttribute(name, value);
    on("keydown", keys, search);
  }

  // Fields: told after leaving them, never while first typing; taken back the moment they are right.
  const tell = (input, words) => {
    const place = byId(input.id + "-error");
    if (!place) return;
    place.textContent = words;
    words ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
  };
  on("focusout", ({ target }) => target.dataset?.wrong && target.value && !target.validity.valid && tell(target, target.dataset.wrong));
  on("input", ({ target }) => target.ariaInvalid === "true" && target.value.trim() && target.validity.valid && tell(target, ""));

  // The picture that was tapped becomes the picture of the product's page.
  const cardFor = url => url && all(".card__link").find(link => link.pathname === new URL(url).pathname)?.closest(".card").querySelector("img");
  const carry = (picture, transition) => {
    if (!picture) return;
    all("#gallery img").forEach(each => { each.style.viewTransitionName = "none"; });
    picture.style.viewTransitionName = "product";
    const putBack = () => all("#gallery img, .card img").forEach(each => { each.style.viewTransitionName = ""; });
    transition.finished.then(putBack, putBack);
  };
  on("pageswap", event => event.viewTransition && carry(cardFor(event.activation?.entry?.url), event.viewTransition), window);
  on("pagereveal", event => event.viewTransition && carry(cardFor(window.navigation?.activation?.from?.url), event.viewTransition), window);
})();
